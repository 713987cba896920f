import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import { markPattern, withMarks } from '../plan/marks.ts'

/** An event's own record. */
export interface RecordedEvent {
  readonly mark: string
  readonly key: string
  readonly state: string
}

export interface RecordedNotification {
  readonly mark: string
  readonly key: string
  readonly username: string
  readonly channel: string
  readonly address: string
  readonly state: string
  readonly attempts: number
  /** Its last deliveries, with their times and outcomes: what a reader of a failed run wants to know. */
  readonly deliveries?: unknown
}

export interface Recorded {
  readonly events: readonly RecordedEvent[]
  readonly notifications: readonly RecordedNotification[]
}

/** Reads the table of notifications whole, in the form that docs/architecture.md gives. */
export async function readTable(client: DynamoDBClient, TableName: string): Promise<Recorded> {
  const events: RecordedEvent[] = []
  const notifications: RecordedNotification[] = []
  for (const item of await readItems(client, TableName)) {
    const key = withMarks(String(item['event']))
    const mark = key.match(markPattern)?.[0] ?? 'unmarked'
    const entry = String(item['entry'])
    const state = String(item['state'])
    if (entry === 'event') events.push({ mark, key, state })
    if (!entry.startsWith('notification#')) continue
    notifications.push({
      ...{ mark, key, state },
      username: String(item['username']),
      channel: String(item['channel']),
      address: String(item['address']),
      attempts: Number(item['attempts'] ?? 0),
      deliveries: item['deliveries'],
    })
  }
  return { events, notifications }
}

export async function readItems(
  client: DynamoDBClient,
  TableName: string,
): Promise<Record<string, unknown>[]> {
  const documents = DynamoDBDocumentClient.from(client)
  const items: Record<string, unknown>[] = []
  for await (const { Items = [] } of paginateScan({ client: documents }, { TableName })) {
    items.push(...Items)
  }
  return items
}
