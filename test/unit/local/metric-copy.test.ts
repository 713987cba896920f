import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { expect, it, jest } from '@jest/globals'
import { createMetricFields } from '../../../lib/metrics/write-metrics.ts'
import { connectCloud } from '../../../local/cloud.ts'
import { createMetricCopy } from '../../../local/metrics/copy.ts'

type Send = (command: { readonly input: object }) => Promise<object>

/** A local AWS with one function's log of two pages, and without queues. */
function cloudOf(put: (command: PutMetricDataCommand) => void) {
  const cloud = connectCloud('http://127.0.0.1:1')
  const eventOf = (stream: string, metrics: object) => ({
    logStreamName: stream,
    timestamp: Date.now(),
    message: JSON.stringify(createMetricFields({ cell: 'main', channel: 'email' })(metrics)),
  })
  const pages = [
    { events: [eventOf('first', { Sent: 1 })], nextToken: 'more' },
    { events: [eventOf('second', { Sent: 2 })] },
  ]
  const answer: Send = async (command) => {
    if (command instanceof FilterLogEventsCommand)
      return pages[command.input.nextToken ? 1 : 0] ?? {}
    if (command instanceof PutMetricDataCommand) put(command)
    return { logGroups: [{ logGroupName: '/aws/lambda/ecos-main-send-email' }] }
  }
  for (const client of [cloud.logs, cloud.cloudWatch, cloud.sqs]) {
    jest.spyOn(client, 'send').mockImplementation(answer as never)
  }
  return cloud
}

it('copies each value once, also after the local CloudWatch has failed', async () => {
  const stored: (number | undefined)[] = []
  let failures = 1
  const copy = createMetricCopy(
    cloudOf(({ input: { Namespace, MetricData = [] } }) => {
      if (Namespace === 'AWS/SQS') return
      if (failures-- > 0) throw new Error('ECONNRESET')
      stored.push(...MetricData.map(({ Value }) => Value))
    }),
    'main',
  )
  await expect(copy()).rejects.toThrow('ECONNRESET')
  await copy()
  await copy()
  expect(stored).toEqual([1, 2])
})
