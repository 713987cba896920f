import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  paginateDescribeLogGroups,
  type ResultField,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { channelNames } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { eventTypes } from '../events/catalogue.ts'
import type { Buckets } from '../operations/metric-history.ts'
import {
  countedFields,
  type ReadTenantCounts,
  type TenantCount,
} from '../operations/tenant-counts.ts'
import { bridgeFunctions, cellPrefix, handlerName, senderName } from '../tenants/names.ts'
import { pause } from '../waiting.ts'
import { createClient } from './client.ts'

/** Rows of an answer (CloudWatch Logs user guide, quotas). */
const maxRows = 10_000

/** Milliseconds between two looks at a query, and until it is given up. */
const interval = 1_000
const patience = 60_000

/** Counts with a query of CloudWatch Logs Insights. AWS charges for the logs that it reads: docs/cost.md. */
export function createTenantCounts(
  client = createClient(CloudWatchLogsClient),
  wait = interval,
): ReadTenantCounts {
  return async (cell, buckets) => {
    const logGroupNames = await groupsOf(client, cell)
    if (logGroupNames.length === 0) return { counts: [], isCut: false }
    const { queryId } = await client.send(
      new StartQueryCommand({
        logGroupNames,
        startTime: buckets.from.getTime() / 1000,
        // Its last second is a part of the range.
        endTime: buckets.to.getTime() / 1000 - 1,
        queryString: queryOf(buckets),
      }),
    )
    const rows = await resultsOf(client, String(queryId), wait)
    return { counts: rows.map(countOf), isCut: rows.length === maxRows }
  }
}

/** The log groups that there are of the cell's functions: one that never ran has none. */
async function groupsOf(client: CloudWatchLogsClient, cell: string): Promise<string[]> {
  const prefix = `/aws/lambda/${cellPrefix(cell)}-`
  const functions = [
    ...bridgeFunctions,
    ...eventTypes.map(handlerName),
    ...channelNames.map(senderName),
  ]
  // Another cell's name may begin like this one's.
  const wanted = new Set(functions.map((name) => `${prefix}${name}`))
  const found: string[] = []
  const pages = paginateDescribeLogGroups({ client }, { logGroupNamePrefix: prefix })
  for await (const { logGroups = [] } of pages) {
    found.push(...logGroups.flatMap(({ logGroupName }) => logGroupName ?? []))
  }
  return found.filter((name) => wanted.has(name))
}

function queryOf({ period }: Buckets): string {
  const fields = Object.values(countedFields).flat()
  return [
    `filter ispresent(tenant) and (${fields.map((field) => `ispresent(${field})`).join(' or ')})`,
    `stats ${fields.map((field) => `sum(${field}) as sum${field}`).join(', ')}, count(*) as lines by bin(${period}s) as bucket, tenant`,
    'sort lines desc',
    `limit ${maxRows}`,
  ].join(' | ')
}

/** @throws EcosError `aws-failed` */
async function resultsOf(
  client: CloudWatchLogsClient,
  queryId: string,
  wait: number,
): Promise<readonly ResultField[][]> {
  const end = Date.now() + patience
  const never = new AbortController().signal
  for (;;) {
    const answer = await client.send(new GetQueryResultsCommand({ queryId }))
    const { status = 'Unknown', results = [] } = answer
    if (status === 'Complete') return results
    if (Date.now() > end || !['Scheduled', 'Running'].includes(status)) {
      throw new EcosError(
        'aws-failed',
        `The query of CloudWatch Logs is ${status}: take a shorter time`,
      )
    }
    await pause(wait, never)
  }
}

function countOf(row: readonly ResultField[]): TenantCount {
  const values = new Map(row.map(({ field, value }) => [field, value]))
  const sum = (fields: readonly string[]) =>
    fields.reduce((total, field) => total + Number(values.get(`sum${field}`) || 0), 0)
  return {
    tenant: values.get('tenant') ?? '',
    // In UTC, without saying so.
    at: new Date(`${values.get('bucket')?.replace(' ', 'T')}Z`),
    events: sum(countedFields.events),
    deliveries: sum(countedFields.deliveries),
    failures: sum(countedFields.failures),
  }
}
