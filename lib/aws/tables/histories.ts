import {
  type DynamoDBDocumentClient,
  GetCommand,
  type GetCommandOutput,
} from '@aws-sdk/lib-dynamodb'
import type { DeadLetter } from '../../operations/dead-letter.ts'
import { eventKey, failureKey, type Key, notificationKey } from './notification-keys.ts'

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

type Item = Readonly<Record<string, NonNullable<GetCommandOutput['Item']>[string]>>

/** Reads the history that lib/aws/tables/notifications-table.ts writes of an event or a notification. */
export function createHistories(
  table: string,
  client: DynamoDBDocumentClient,
): (letter: DeadLetter) => Promise<History> {
  return async ({ kind, tenant, type: eventType, eventId, notificationId = '' }) => {
    if (tenant === undefined || eventType === undefined || eventId === undefined) return {}
    const event = { tenant, eventType, eventId }
    if (kind === 'notification') {
      return historyIn(await read(notificationKey({ ...event, notificationId })))
    }
    const [failure, handled] = await Promise.all([read(failureKey(event)), read(eventKey(event))])
    // Another copy of the event was handled since, or a redriven one.
    const isHandled = handled['handledAt'] > (failure['at'] ?? '')
    return isHandled
      ? { state: handled['state'], lastAt: handled['handledAt'], reason: handledSince }
      : historyIn(failure)
  }

  async function read(Key: Key): Promise<Item> {
    const { Item = {} } = await client.send(new GetCommand({ TableName: table, Key }))
    return Item
  }
}

/** The reason of a letter that is not dead: it may be purged. */
const handledSince = 'handled since by another copy: purge this one'

function historyIn(item: Item): History {
  const { reason, code, tries, attempts, at, state, deliveries } = item
  return {
    ...(reason !== undefined && { reason: code === undefined ? reason : `${code}: ${reason}` }),
    ...((tries ?? attempts) !== undefined && { tries: tries ?? attempts }),
    ...(at !== undefined && { lastAt: at }),
    ...(state !== undefined && { state }),
    ...(deliveries !== undefined && { deliveries }),
  }
}
