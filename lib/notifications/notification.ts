import { createHash } from 'node:crypto'
import * as z from 'zod'
import { type ChannelName, channelNames } from '../channels/channel.ts'
import { messageParts } from '../channels/message-parts.ts'
import { EcosError } from '../errors.ts'
import { parseExactJson } from '../events/exact-number.ts'
import { tracedFields } from '../events/trace.ts'
import { late } from '../late.ts'
import { fieldsAtFault } from '../parse.ts'
import { escapeForSqs } from '../text.ts'

/**
 * The states of ECOS, and UNCERTAIN: the provider may have accepted the notification.
 * RECIPIENTS_NOT_FOUND is the state of an event without recipients.
 */
export const notificationState = late(() =>
  z.enum([
    'WAIT_FOR_DISPATCH',
    'SENT',
    'UNCERTAIN',
    'ERROR',
    'EXPIRED',
    'CANCELLED',
    'BLOCKED',
    'RECIPIENTS_NOT_FOUND',
  ]),
)
export type NotificationState = z.infer<typeof notificationState>

/** `unknown`: the person's stored action names no channel. Such a notification is ERROR from the start. */
export const notificationChannel = late(() => z.enum([...channelNames, 'unknown']))
export type NotificationChannel = z.infer<typeof notificationChannel>

/** Takes the place of an event's type in a reminder, whose event's id is the task's. */
export const reminderType = 'task.reminder'

/** Takes the place of an event's type in a test message. It has built-in templates. */
export const testType = 'notification.test'

/** Which reminder of its task it is. */
export const reminded = late(() =>
  z.object({
    /** In its canonical form: `1d before due`. */
    text: z.string(),
    to: z.enum(['recipient', 'initiator']),
    /** The id of the event by which the task was assigned; undefined: it was offered to its pool. */
    assignedBy: z.string().optional(),
  }),
)
export type Reminded = Readonly<z.infer<typeof reminded>>

/** One message to one person by one channel, and the event that it is about. */
export const notification = late(() =>
  z.object({
    notificationId: z.string().regex(/^[0-9a-f]{64}$/),
    tenant: z.string().min(1),
    eventType: z.string().min(1),
    eventId: z.string().min(1),
    username: z.string().min(1),
    channel: notificationChannel,
    address: z.string().min(1),
    /** What the event is about: once it is closed, the notification is not worth sending. */
    subject: z.string().optional(),
    reminder: reminded.optional(),
    /** Its result is put on the bus, as its tenant's entry in tenants.yml asked when it was made. */
    announce: z.literal(true).optional(),
    /** The name of the replay that told of the event again. */
    again: z.string().optional(),
    /** The trace context of its event. */
    ...tracedFields,
  }),
)
export type Notification = Readonly<z.infer<typeof notification>>
/** A notification that can be sent. */
export type Sendable = Notification & { readonly channel: ChannelName }

/**
 * 64 hexadecimal digits, the same for the same event, person and address however often the event comes.
 * A reminder's is the same for the same task, assignment, person and address.
 * Hashes JSON, so that different parts never hash alike.
 * A replay that tells everybody again has notifications of its own.
 */
export function notificationId(
  notification: Omit<Notification, 'notificationId' | 'subject' | 'announce'>,
): string {
  const { tenant, eventId, eventType, username, channel, address, again, reminder } = notification
  const parts: unknown[] = [tenant, eventId, eventType, username, channel, address]
  if (reminder) parts.push(reminder.text, reminder.assignedBy ?? null)
  else if (again !== undefined) parts.push(again)
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** A notification in its channel's queue, rendered and ready to be delivered. */
const queuedNotification = late(() =>
  notification
    .omit({ username: true, subject: true, reminder: true, announce: true, again: true })
    .extend({
      channel: z.enum(channelNames),
      title: z.string(),
      text: z.string(),
      html: z.string(),
      locale: z.string(),
      customData: z.record(z.string(), z.unknown()).default({}),
      ...messageParts,
      /** ISO 8601, in UTC: when its channel's time to live begins. */
      queuedAt: z.iso.datetime(),
      /** How often an operator has resent it. */
      resend: z.number().int().min(0).default(0),
      /** ISO 8601, in UTC: its deliveries are counted from then on, although this message is newer. */
      countedSince: z.iso.datetime().optional(),
      /** Whether its content is kept instead, since it is too large for the queue (queue-body.ts). */
      isKept: z.literal(true).optional(),
    }),
)
export type QueuedNotification = Readonly<z.infer<typeof queuedNotification>>

/** @throws EcosError `invalid-notification`, naming the fields at fault */
export function parseQueued(body: string): QueuedNotification {
  const parsed = queuedNotification.safeParse(parseExactJson(body))
  if (parsed.success) return parsed.data
  throw new EcosError('invalid-notification', `Not a notification: ${fieldsAtFault(parsed.error)}`)
}

/** The notification as its queue's message, in characters that SQS takes. */
export function encodeQueued(notification: QueuedNotification): string {
  return escapeForSqs(JSON.stringify(notification))
}
