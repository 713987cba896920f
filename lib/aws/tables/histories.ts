import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { DeadLetter } from '../../operations/dead-letter.ts'
import { failureKey, notificationKey } from './notification-keys.ts'

/** What the notifications table knows of a dead letter. */
export interface History {
  readonly reason?: string
  readonly tries?: number
  /** ISO 8601. */
  readonly lastAt?: string
  readonly state?: string
  /** Each attempt to deliver, the oldest first. */
  readonly deliveries?: readonly unknown[]
}

/** Reads the history that lib/aws/tables/notifications-table.ts writes of an event or a notification. */
export function createHistories(
  table: string,
  client: DynamoDBDocumentClient,
): (letter: DeadLetter) => Promise<History> {
  return async ({ kind, tenant, type: eventType, eventId, notificationId = '' }) => {
    if (tenant === undefined || eventType === undefined || eventId === undefined) return {}
    const event = { tenant, eventType, eventId }
    const Key =
      kind === 'notification' ? notificationKey({ ...event, notificationId }) : failureKey(event)
    const { Item = {} } = await client.send(new GetCommand({ TableName: table, Key }))
    const { reason, code, tries, attempts, at, state, deliveries } = Item
    return {
      ...(reason !== undefined && { reason: code === undefined ? reason : `${code}: ${reason}` }),
      ...((tries ?? attempts) !== undefined && { tries: tries ?? attempts }),
      ...(at !== undefined && { lastAt: at }),
      ...(state !== undefined && { state }),
      ...(deliveries !== undefined && { deliveries }),
    }
  }
}
