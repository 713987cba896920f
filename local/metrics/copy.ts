import { type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import {
  type FilteredLogEvent,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs'
import { countQueues } from '../../lib/aws/cell/cell-queues.ts'
import type { QueueCount } from '../../lib/operations/cell-view.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import type { Cloud } from '../cloud.ts'
import { type LoggedValue, loggedValues } from './emf.ts'

/** Milliseconds for which an invocation's log may come late. */
const late = 60_000

/** Metrics in a call (CloudWatch API reference, PutMetricData). */
const maxData = 1_000

/** Values of a namespace that wait for a CloudWatch that fails; the oldest go first. */
const maxUnsent = 200_000

/**
 * Makes metrics out of the functions' logs, and of the queues, as CloudWatch does and the local AWS does not. Each call
 * of the result copies what is new since the last.
 */
export function createMetricCopy(cloud: Cloud, cell: string): () => Promise<void> {
  const prefix = `${cellPrefix(cell)}-`
  const copied = new Map<string, number>()
  const unsent = new Map<string, MetricDatum[]>()
  const filled = new Map<string, number>()
  let since = Date.now() - late
  return async () => {
    const now = Date.now()
    for (const group of await functionLogs(cloud, cell)) {
      const values = await newValues(cloud, group, copied, since)
      for (const [namespace, some] of Map.groupBy(values, (value) => value.namespace)) {
        const waiting = [...(unsent.get(namespace) ?? []), ...some.map(datumOf)]
        unsent.set(namespace, waiting.slice(-maxUnsent))
      }
    }
    since = now - late
    for (const [stream, at] of copied) if (at < since - late) copied.delete(stream)
    for (const [namespace, data] of unsent) await put(cloud, namespace, data)
    const queues = await countQueues(cloud.sqs, prefix)
    const data = queues
      .filter(({ name }) => !name.includes('-console-'))
      .flatMap((queue) => queueData(queue, filled, now))
    await put(cloud, 'AWS/SQS', data)
  }
}

/** The log groups of a cell's functions. */
export async function functionLogs({ logs: client }: Cloud, cell: string): Promise<string[]> {
  const logGroupNamePrefix = `/aws/lambda/${cellPrefix(cell)}-`
  const names: string[] = []
  for await (const { logGroups = [] } of paginateDescribeLogGroups(
    { client },
    { logGroupNamePrefix },
  )) {
    names.push(...logGroups.flatMap(({ logGroupName }) => logGroupName ?? []))
  }
  return names
}

/** The local AWS writes the log of an invocation at its end, into a stream of its own. */
async function newValues(
  { logs: client }: Cloud,
  logGroupName: string,
  copied: Map<string, number>,
  startTime: number,
): Promise<LoggedValue[]> {
  const query = { logGroupName, startTime, filterPattern: 'CloudWatchMetrics' }
  const fresh: FilteredLogEvent[] = []
  for await (const { events = [] } of paginateFilterLogEvents({ client }, query)) {
    fresh.push(...events.filter(({ logStreamName = '' }) => !copied.has(logStreamName)))
  }
  for (const { logStreamName = '', timestamp = 0 } of fresh) copied.set(logStreamName, timestamp)
  return fresh.flatMap(({ message = '' }) => loggedValues(message))
}

function datumOf({ name, unit, dimensions, at, value }: LoggedValue): MetricDatum {
  return {
    MetricName: name,
    Unit: unit as NonNullable<MetricDatum['Unit']>,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Timestamp: at,
    Value: value,
  }
}

/** The local SQS does not tell how old its oldest message is: it is as old as the queue has been seen filled. */
function queueData(
  { name, waiting, inFlight, delayed }: QueueCount,
  filled: Map<string, number>,
  now: number,
): MetricDatum[] {
  // SQS counts the age of hidden messages too.
  if (waiting + inFlight + delayed === 0) filled.delete(name)
  else if (!filled.has(name)) filled.set(name, now)
  const seconds = (now - (filled.get(name) ?? now)) / 1000
  const of = { Dimensions: [{ Name: 'QueueName', Value: name }], Timestamp: new Date(now) }
  return [
    { ...of, MetricName: 'ApproximateNumberOfMessagesVisible', Unit: 'Count', Value: waiting },
    { ...of, MetricName: 'ApproximateNumberOfMessagesNotVisible', Unit: 'Count', Value: inFlight },
    { ...of, MetricName: 'ApproximateAgeOfOldestMessage', Unit: 'Seconds', Value: seconds },
  ]
}

/** Takes each batch out of the data once it is stored. */
async function put({ cloudWatch }: Cloud, Namespace: string, data: MetricDatum[]): Promise<void> {
  while (data.length > 0) {
    const MetricData = data.slice(0, maxData)
    await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }))
    data.splice(0, maxData)
  }
}
