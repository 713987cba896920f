import * as z from 'zod'
import type { ChannelMessage } from './channel.ts'
import { messageDetails } from './message-parts.ts'

/** Rises when a field changes its meaning or goes; a new field does not raise it. */
const schemaVersion = 1

const { task, document, people, due, links } = messageDetails.shape

/** The body of a webhook's request: docs/webhook.schema.json is made of it. */
export const webhookBody = z
  .object({
    type: z.string().meta({ description: 'The event type, such as task.assign' }),
    timestamp: z.iso.datetime().meta({ description: 'When the request was sent' }),
    data: z.object({
      schemaVersion: z.literal(schemaVersion),
      notificationId: z
        .string()
        .meta({ description: 'The same at each try, as the header webhook-id' }),
      tenant: z.string(),
      eventId: z.string(),
      locale: z.string().meta({ description: 'BCP 47: the language of title, text and html' }),
      title: z.string(),
      text: z.string(),
      html: z.string(),
      customData: z.record(z.string(), z.unknown()),
      event: z.object({
        id: z.string(),
        type: z.string(),
        happenedAt: z.string().nullable().meta({ description: 'ISO 8601, in UTC' }),
      }),
      task: task.meta({ description: 'Null for an event of no task' }),
      document: document.meta({ description: 'The record that the event is about' }),
      people: people.meta({
        description: 'User names in lower case; the display name is null for an unknown person',
      }),
      due: due.meta({ description: "The task's due date: ISO 8601, in UTC" }),
      links: links.meta({
        description: "Addresses in the tenant's web client; null if tenants.yml names none",
      }),
    }),
  })
  .meta({ title: 'A notification of ecos-eventbridge to a webhook' })
export type WebhookBody = z.infer<typeof webhookBody>

/** A digest, or a message of before the fields were there, is prose alone. */
const noDetails = {
  happenedAt: null,
  task: null,
  document: null,
  people: { initiator: null, assignee: null, author: null },
  due: null,
  links: { record: null, web: null },
} as const

export function webhookPayload(message: ChannelMessage, now: Date): WebhookBody {
  const { notificationId, tenant, eventType, eventId, locale, title, text, html, customData } =
    message
  const { happenedAt, ...details } = message.details ?? noDetails
  return {
    type: eventType,
    timestamp: now.toISOString(),
    data: {
      ...{ schemaVersion, notificationId, tenant, eventId },
      ...{ locale, title, text, html, customData: { ...customData } },
      event: { id: eventId, type: eventType, happenedAt },
      ...details,
    },
  }
}
