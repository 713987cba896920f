import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
} from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { late } from '../../late.ts'
import type { EventRecord, EventRecords } from '../../notifications/event-records.ts'
import { deduplicationSeconds } from '../../notifications/store.ts'
import { conditionHeld } from './conditional-write.ts'
import { type Key, listedAt, partKey, partPrefix, runKey, stateKey } from './notification-keys.ts'

const name = late(() => z.string().optional())
const eventRecord = late(() =>
  z.discriminatedUnion('state', [
    z.object({
      state: z.enum(['HANDLED', 'RECIPIENTS_NOT_FOUND']),
      recipients: z.number(),
      notifications: z.number(),
      unread: z.array(z.string()).optional(),
    }),
    z.object({
      state: z.literal('IN_PARTS'),
      recipients: z.number(),
      ranges: z.array(z.object({ after: name, upTo: name })),
    }),
  ]),
)
const partRecord = late(() =>
  z.object({
    number: z.number(),
    step: z.number(),
    after: name,
    isDone: z.boolean(),
    broken: z.string().optional(),
    recipients: z.number(),
    notifications: z.number(),
  }),
)

/** The events' own records, and those of their parts, in the notifications table (notifications-table.ts). */
export function createEventRecords(
  TableName: string,
  client: DynamoDBDocumentClient,
): EventRecords {
  const read = async (Key: Key) =>
    (await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item
  const find: EventRecords['find'] = async (run) => {
    const item = await read(runKey(run))
    return item && (eventRecord.parse(item) as EventRecord)
  }
  return {
    find,

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
      const Item = { ...runKey(run), ...listed, ...defined(record), handledAt, expiresAt: expiry() }
      await client.send(new PutCommand({ TableName, Item }))
    },

    async begin(run, record) {
      const ranges = record.ranges.map(defined)
      const Item = { ...runKey(run), ...record, ranges, expiresAt: expiry() }
      const condition = {
        ConditionExpression: 'attribute_not_exists(#entry)',
        ExpressionAttributeNames: { '#entry': 'entry' },
      }
      const command = new PutCommand({ TableName, Item, ...condition })
      if (await conditionHeld(client.send(command))) return record
      return (await find(run)) ?? record
    },

    async findPart(run, number) {
      const item = await read(partKey(run, number))
      return item && partRecord.parse(item)
    },

    async savePart(run, record, before) {
      const Item = { ...partKey(run, record.number), ...defined(record), expiresAt: expiry() }
      const condition = before
        ? {
            ConditionExpression:
              '#step = :step AND #recipients = :recipients AND #isDone = :isDone',
            ExpressionAttributeNames: {
              ...{ '#step': 'step', '#recipients': 'recipients', '#isDone': 'isDone' },
            },
            ExpressionAttributeValues: {
              ':step': before.step,
              ':recipients': before.recipients,
              ':isDone': before.isDone,
            },
          }
        : {
            ConditionExpression: 'attribute_not_exists(#entry)',
            ExpressionAttributeNames: { '#entry': 'entry' },
          }
      return conditionHeld(client.send(new PutCommand({ TableName, Item, ...condition })))
    },

    async partsOf(run) {
      const items: unknown[] = []
      const pages = paginateQuery(
        { client },
        {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#event = :event AND begins_with(#entry, :prefix)',
          ExpressionAttributeNames: { '#event': 'event', '#entry': 'entry' },
          ExpressionAttributeValues: { ':event': runKey(run).event, ':prefix': partPrefix(run) },
        },
      )
      for await (const { Items = [] } of pages) items.push(...Items)
      return items.map((item) => partRecord.parse(item))
    },
  }
}

/** DynamoDB's document client refuses undefined values. */
function defined<Fields extends object>(fields: Fields): Partial<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Partial<Fields>
}

/** Epoch seconds, as TTL takes them. */
function expiry(): number {
  return Math.floor(Date.now() / 1000) + deduplicationSeconds
}
