import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { describe, expect, it } from '@jest/globals'
import { createTenantCounts } from '../../../lib/aws/tenant-counts.ts'

const buckets = {
  from: new Date('2026-11-28T10:00:00Z'),
  to: new Date('2026-11-28T11:00:00Z'),
  period: 60,
}

/** A client that answers each command by its name, and keeps what it was asked. */
function clientWith(answers: Readonly<Record<string, readonly object[]>>) {
  const asked: [name: string, input: object][] = []
  const left = Object.entries(answers).map(([name, list]): [string, object[]] => [name, [...list]])
  const client = new CloudWatchLogsClient({ region: 'eu-central-1' })
  client.send = (async (command: { input: object }) => {
    const { name } = command.constructor
    asked.push([name, command.input])
    return left.find(([wanted]) => wanted === name)?.[1].shift()
  }) as never
  return { client, asked }
}

const groups = {
  logGroups: [
    '/aws/lambda/ecos-main-bridge-drain',
    '/aws/lambda/ecos-main-send-email',
    '/aws/lambda/ecos-main-two-send-email',
    '/aws/lambda/ecos-main-bridge-send-email',
    '/aws/lambda/ecos-main-bridge-bridge-drain',
    '/aws/lambda/ecos-main-own-page',
  ].map((logGroupName) => ({ logGroupName })),
}

describe('the counts of tenants', () => {
  it('are those of the functions’ logs, once the query has ended', async () => {
    const row = { bucket: '2026-11-28 10:05:00.000', tenant: 'acme', sumBridged: '3', lines: '4' }
    const results = [Object.entries(row).map(([field, value]) => ({ field, value }))]
    const { client, asked } = clientWith({
      DescribeLogGroupsCommand: [groups],
      StartQueryCommand: [{ queryId: 'q' }],
      GetQueryResultsCommand: [{ status: 'Running' }, { status: 'Complete', results }],
    })
    const answer = await createTenantCounts(client, 0)('main', buckets)
    const at = new Date('2026-11-28T10:05:00Z')
    const count = { tenant: 'acme', at, events: 3, deliveries: 0, failures: 0 }
    expect(answer).toEqual({ counts: [count], isCut: false })
    expect(asked[1]?.[1]).toMatchObject({
      // Another cell, and a function that counts nothing, cost nothing.
      logGroupNames: ['/aws/lambda/ecos-main-bridge-drain', '/aws/lambda/ecos-main-send-email'],
      startTime: 1795860000,
      endTime: 1795863599,
      queryString: expect.stringContaining('sum(Bridged) as sumBridged'),
    })
  })

  it('are unknown where the query fails', async () => {
    const { client } = clientWith({
      DescribeLogGroupsCommand: [groups],
      StartQueryCommand: [{ queryId: 'q' }],
      GetQueryResultsCommand: [{ status: 'Timeout' }],
    })
    await expect(createTenantCounts(client, 0)('main', buckets)).rejects.toMatchObject({
      code: 'aws-failed',
    })
  })

  it('are none of a cell whose functions never ran', async () => {
    const { client } = clientWith({ DescribeLogGroupsCommand: [{}] })
    expect(await createTenantCounts(client)('main', buckets)).toEqual({ counts: [], isCut: false })
  })
})
