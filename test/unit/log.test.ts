import { afterEach, expect, it, jest } from '@jest/globals'
import { createLog, logWithMetrics } from '../../lib/log.ts'
import { createMetricFields } from '../../lib/metrics/write-metrics.ts'
import { emfOf } from '../support/emf.ts'

afterEach(() => {
  delete process.env['POWERTOOLS_LOG_LEVEL']
  jest.restoreAllMocks()
})

const key = { tenant: 'acme', eventId: 'e1' }
const fieldsOf = createMetricFields({ cell: 'main', channel: 'email' })

/** The lines of one handled message at this level, as CloudWatch would read their metrics. */
function linesAt(level: string) {
  process.env['POWERTOOLS_LOG_LEVEL'] = level
  const metrics = fieldsOf({ Sent: 1, DeliveryDuration: 12 })
  return emfOf(() => {
    const log = createLog()
    logWithMetrics(log, 'info', 'Record handled', { ...key, outcome: 'sent' }, metrics)
  })
}

it.each(['INFO', 'WARN', 'SILENT'])(
  'one line has the metrics, at the log level %s',
  async (level) => {
    expect(await linesAt(level)).toEqual([
      {
        dimensions: { service: 'ecos-eventbridge', cell: 'main', channel: 'email' },
        values: { Sent: 1, DeliveryDuration: 12 },
        units: { Sent: 'Count', DeliveryDuration: 'Milliseconds' },
        properties: expect.objectContaining({ ...key, outcome: 'sent' }),
      },
    ])
  },
)

it('the line is the log line too, without what each line of the log group would repeat', async () => {
  const [line] = await linesAt('INFO')
  expect(line?.properties).toMatchObject({ level: 'INFO', message: 'Record handled' })
  const [silenced] = await linesAt('ERROR')
  expect(silenced?.properties).toEqual({ ...key, outcome: 'sent' })
})

it('a line leaves out what Lambda says of the function', async () => {
  const log = createLog()
  log.addContext({
    functionName: 'ecos-main-send-email',
    functionVersion: '1',
    memoryLimitInMB: '256',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:ecos-main-send-email',
    awsRequestId: 'r1',
  } as Parameters<typeof log.addContext>[0])
  const metrics = fieldsOf({ Sent: 1 })
  const [line] = await emfOf(() => logWithMetrics(log, 'info', 'Record handled', key, metrics))
  expect(line?.properties).toMatchObject({
    function_name: 'ecos-main-send-email',
    function_request_id: 'r1',
  })
  expect(line?.properties).not.toHaveProperty('function_arn')
  expect(line?.properties).not.toHaveProperty('function_memory_size')
  expect(line?.properties).not.toHaveProperty('sampling_rate')
})
