import type { Unit } from '../../lib/tenants/cost/prices.ts'
import { type Item, itemSize } from './item-size.ts'
import { type BusEntry, busEvents, entrySize, readUnits, sqsRequests } from './units.ts'

/** A request of an AWS client, and its answer. */
export interface Exchange {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** `X-Amz-Target`, of the services that speak JSON. */
  readonly target: string | undefined
  readonly request: string
  readonly status: number
  readonly answer: string
}

/** What AWS bills for a request: a DynamoDB write has a line for the table and one for each index it changes. */
export interface BilledLine {
  /** `PutItem`. */
  readonly action: string
  /** The table, queue or bus; an index as `table/index`. */
  readonly resource: string
  readonly unit: Unit
  readonly units: number
}

// biome-ignore lint/suspicious/noExplicitAny: a request's JSON of any shape.
type Json = any

/** The lines of a request's bill; a request that AWS does not bill has none. */
export function billed(exchange: Exchange): BilledLine[] {
  const { target, path, method } = exchange
  const [service, action = ''] = target?.split('.') ?? []
  if (service?.startsWith('DynamoDB')) return dynamoDb(action, exchange)
  if (service === 'AmazonSQS') return sqs(action, exchange)
  if (service === 'AWSEvents') return eventBridge(action, exchange)
  if (service === 'secretsmanager')
    return [line(action, parse(exchange.request).SecretId, 'secrets-call', 1)]
  if (path.startsWith('/v2/email/')) return [line('SendEmail', 'ses', 'channel-message', 1)]
  if (target === undefined && exchange.request.includes('Action=Publish'))
    return [line('Publish', 'sns', 'channel-message', 1)]
  if (target === undefined) return [s3(method, path)]
  throw new Error(`No rule says how ${target} is billed: add one to bench/cost/wire.ts`)
}

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan'])

function dynamoDb(action: string, { request, answer, status }: Exchange): BilledLine[] {
  const input = parse(request)
  const output = parse(answer)
  if (reads.has(action)) return readsOf(action, input, output)
  // DynamoDB bills a write whose condition does not hold, and does not say how much: at least one unit.
  if (status >= 400) return [line(action, input.TableName, 'dynamodb-write', 1)]
  const capacities: Json[] = [output.ConsumedCapacity ?? []].flat()
  if (capacities.length === 0) throw new Error(`The answer to ${action} has no ConsumedCapacity`)
  return capacities.flatMap(({ TableName, Table, GlobalSecondaryIndexes = {} }) => [
    line(action, TableName, 'dynamodb-write', Table.CapacityUnits),
    ...Object.entries<Json>(GlobalSecondaryIndexes).map(([index, { CapacityUnits }]) =>
      line(action, `${TableName}/${index}`, 'dynamodb-write', CapacityUnits),
    ),
  ])
}

/** Computed from the items of the answer: a local DynamoDB does not count the size of what is read. */
function readsOf(action: string, input: Json, output: Json): BilledLine[] {
  if (action === 'BatchGetItem') {
    return Object.entries<Json>(input.RequestItems).map(([table, { Keys, ConsistentRead }]) => {
      const found: Item[] = output.Responses?.[table] ?? []
      const consistent = ConsistentRead === true
      const units = found.map((item) => readUnits(itemSize(item), consistent))
      const missing = (Keys.length - found.length) * readUnits(0, consistent)
      return line(action, table, 'dynamodb-read', sum(units) + missing)
    })
  }
  const items: Item[] = action === 'GetItem' ? [output.Item ?? {}] : (output.Items ?? [])
  const units = readUnits(sum(items.map(itemSize)), input.ConsistentRead === true)
  const resource = input.IndexName ? `${input.TableName}/${input.IndexName}` : input.TableName
  return [line(action, resource, 'dynamodb-read', units)]
}

function sqs(action: string, { request }: Exchange): BilledLine[] {
  const { QueueUrl = '', MessageBody = '', Entries = [] } = parse(request)
  const bodies = [MessageBody, ...Entries.map((entry: Json) => entry.MessageBody ?? '')]
  const bytes = sum(bodies.map((body: string) => Buffer.byteLength(body)))
  return [line(action, QueueUrl.split('/').at(-1), 'sqs-request', sqsRequests(bytes))]
}

function eventBridge(action: string, { request }: Exchange): BilledLine[] {
  // Calls other than PutEvents are free.
  if (action !== 'PutEvents') return []
  const entries: (BusEntry & { EventBusName?: string })[] = parse(request).Entries
  return entries.map((entry) =>
    line(
      `${action} ${entry.DetailType}`,
      entry.EventBusName ?? 'default',
      'eventbridge-event',
      busEvents(entrySize(entry)),
    ),
  )
}

function s3(method: string, path: string): BilledLine {
  // LIST is billed as a write; DELETE is free.
  const isList = method === 'GET' && path.includes('list-type=')
  const isWrite = method === 'PUT' || method === 'POST' || isList
  const [, bucket = ''] = path.split(/[/?]/)
  return line(method, bucket, isWrite ? 's3-write' : 's3-read', method === 'DELETE' ? 0 : 1)
}

function line(action: string, resource: unknown, unit: Unit, units: number): BilledLine {
  return { action, resource: String(resource), unit, units }
}

function parse(text: string): Json {
  return text === '' ? {} : JSON.parse(text)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
