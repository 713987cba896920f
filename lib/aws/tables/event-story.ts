import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'
import pLimit from 'p-limit'
import * as z from 'zod'
import type { EventKey } from '../../events/bus-event.ts'
import { eventAbout } from '../../notifications/event-notes.ts'
import { deliveryRecord } from '../../notifications/store.ts'
import type { EventStory, NotificationStory } from '../../operations/event-story.ts'
import { eventKey } from './notification-keys.ts'

// lib/aws/tables/notifications-table.ts writes these entries.
const handled = z.object({
  state: z.string(),
  recipients: z.number(),
  notifications: z.number(),
  about: eventAbout.optional(),
  unread: z.array(z.string()).optional(),
  happenedAt: z.string().optional(),
  queuedAt: z.string().optional(),
  startedAt: z.string().optional(),
  handledAt: z.string(),
})
const failure = z.object({
  code: z.string(),
  reason: z.string(),
  tries: z.number(),
  at: z.string(),
})
const notificationEntry = z.object({
  notificationId: z.string(),
  username: z.string(),
  channel: z.string(),
  state: z.string(),
  reason: z.string().optional(),
  createdAt: z.string(),
  heldUntil: z.string().optional(),
  releasedAt: z.string().optional(),
  digestId: z.string().optional(),
  resend: z.number().optional(),
  attempts: z.number(),
  deliveries: z.array(deliveryRecord),
  endedAt: z.string().optional(),
})

/** Concurrent queries: an id alone names neither tenant nor type, so each pair is queried. */
const concurrentQueries = 20

/** The stories of the events with this id, among the given pairs of tenant and type. */
export async function findStories(
  { TableName, client }: { TableName: string; client: DynamoDBDocumentClient },
  pairs: readonly { readonly tenant: string; readonly type: string }[],
  eventId: string,
): Promise<EventStory[]> {
  const limit = pLimit(concurrentQueries)
  const stories = await limit.map(pairs, async ({ tenant, type }) => {
    const key = { tenant, eventType: type, eventId }
    const entries: Record<string, unknown>[] = []
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: 'event = :event',
        ExpressionAttributeValues: { ':event': eventKey(key).event },
      },
    )
    for await (const { Items = [] } of pages) entries.push(...Items)
    return entries.length === 0 ? [] : [storyOf(key, entries)]
  })
  return stories.flat()
}

/** Builds an event's story from its entries, leaving out those that do not fit the schema. */
export function storyOf(
  key: EventKey,
  entries: readonly Readonly<Record<string, unknown>>[],
): EventStory {
  const find = (name: string) => entries.find(({ entry }) => entry === name)
  const ended = handled.safeParse(find('event')).data
  const failed = failure.safeParse(find('failure')).data
  const notifications = entries.flatMap((entry) => {
    const parsed = notificationEntry.safeParse(entry)
    return parsed.success ? [untilEnd(parsed.data)] : []
  })
  return {
    ...key,
    ...(ended && { handled: ended }),
    ...(failed && { failure: failed }),
    notifications,
  }
}

/** It may have ended without the try that was to follow: cancelled, or too late. */
function untilEnd({ endedAt, ...one }: z.infer<typeof notificationEntry>): NotificationStory {
  const last = one.deliveries.at(-1)
  // A message that came back from the dead-letter queue goes on after the end.
  if (endedAt === undefined || last?.nextAt === undefined || last.at > endedAt) return one
  const { nextAt: _, ...ended } = last
  return { ...one, deliveries: [...one.deliveries.slice(0, -1), ended] }
}
