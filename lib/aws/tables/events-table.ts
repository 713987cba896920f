import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { EventRecords } from '../../notifications/event-records.ts'
import { deduplicationSeconds } from '../../notifications/store.ts'
import { listedAt, runKey, stateKey } from './notification-keys.ts'

const eventRecord = z.object({
  state: z.enum(['HANDLED', 'RECIPIENTS_NOT_FOUND']),
  recipients: z.number(),
  notifications: z.number(),
})

/** The events' own records in the notifications table (notifications-table.ts). */
export function createEventRecords(
  TableName: string,
  client: DynamoDBDocumentClient,
): EventRecords {
  return {
    async find(run) {
      const Key = runKey(run)
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))
      return Item && eventRecord.parse(Item)
    },

    async record(run, record) {
      const { tenant, eventType, eventId } = run
      const handledAt = new Date().toISOString()
      // An event without recipients is listed beside the notifications.
      const listed = record.state === 'RECIPIENTS_NOT_FOUND' && {
        ...{ tenant, eventType, eventId },
        createdAt: handledAt,
        listedAt: listedAt(handledAt, runKey(run)),
        stateKey: stateKey(tenant, record.state),
      }
      const expiresAt = Math.floor(Date.now() / 1000) + deduplicationSeconds
      const Item = { ...runKey(run), ...listed, ...record, handledAt, expiresAt }
      await client.send(new PutCommand({ TableName, Item }))
    },
  }
}
