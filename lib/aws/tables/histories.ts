import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { DeadLetter } from '../../operations/dead-letter.ts'

/** What the table of notifications knows of a letter's end. */
export interface History {
  readonly reason?: string
  readonly tries?: number
  /** ISO 8601. */
  readonly lastAt?: string
  readonly state?: string
  /** Each attempt to deliver, the oldest first. */
  readonly deliveries?: readonly unknown[]
}

/** Reads the history of an event or of a notification: lib/aws/tables/notifications-table.ts writes it. */
export function createHistories(
  table: string,
  client: DynamoDBDocumentClient,
): (letter: DeadLetter) => Promise<History> {
  return async ({ kind, tenant, type, eventId, notificationId }) => {
    if (tenant === undefined || type === undefined || eventId === undefined) return {}
    const entry = kind === 'notification' ? `notification#${notificationId}` : 'failure'
    const Key = { event: `${tenant}#${type}#${eventId}`, entry }
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
