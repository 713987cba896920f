import * as z from 'zod'
import type { ErrorCode } from '../error-codes.ts'
import { isEventType } from '../events/catalogue.ts'
import { asAttribute, eventId } from '../events/event-id.ts'
import { tenantOfSender } from '../events/source.ts'
import { parseJson } from '../parse.ts'

/**
 * What a dead letter is: an event that its handler gave up, a notification that its sender gave up, a
 * message in the quarantine, or a message in a dead-letter queue of the broker.
 */
export type Kind = 'event' | 'notification' | 'quarantined' | 'message'

/** A message in a dead-letter queue or in the quarantine, and what it is about. */
export interface DeadLetter {
  readonly queue: string
  readonly kind: Kind
  readonly messageId: string
  /** When it was first sent; SQS keeps this time when a redrive policy moves the message. */
  readonly sentAt: Date
  readonly tenant?: string
  readonly type?: string
  readonly eventId?: string
  readonly notificationId?: string
  /** Why it is here, if the message itself tells. */
  readonly reason?: string
  readonly body: string
}

/** An EventBridge event whose detail is our envelope. */
const event = z.object({
  source: z.string().optional(),
  detail: z.object({ tenantid: z.string(), type: z.string(), id: z.string() }),
})
const notification = z.object({
  tenant: z.string(),
  eventType: z.string(),
  eventId: z.string(),
  notificationId: z.string(),
})
const message = z.object({
  data: z.object({
    type: z.string(),
    // As the bridge, which names an event without a usable id after its body.
    id: z.unknown().optional().transform(asAttribute),
  }),
})
const quarantined = z.object({
  tenant: z.string(),
  reason: z.string(),
  queue: z.string().optional(),
  routingKey: z.string().optional(),
  body: z.base64().optional(),
})

export interface QueuedLetter {
  readonly queue: string
  readonly messageId: string
  readonly sentAt: Date
  readonly body: string
  /** The broker's reason, and the routing key that the message was published with. */
  readonly reason?: string
  readonly routingKey?: string
  /**
   * EventBridge adds `ERROR_CODE` and others when a rule could not deliver the event; a handler or a sender
   * that gives the message up adds `ECOS_ERROR_CODE` and `ECOS_ERROR_MESSAGE`.
   */
  readonly attributes: Readonly<Record<string, string>>
}

/** Reads what a message is about. An unreadable one becomes a dead letter without tenant and type. */
export function readLetter(kind: Kind, queued: QueuedLetter): DeadLetter {
  const { attributes, routingKey, ...rest } = queued
  const about = aboutOf(kind, parseJson(queued.body), routingKey)
  const reason = reasonIn(attributes, about)
  return { ...rest, kind, ...(reason && { reason }), ...about }
}

/**
 * The reason in the message is for one that can't be read, or names a tenant that is not its sender's: of others the
 * notifications table knows more.
 */
function reasonIn(
  { ERROR_CODE, ECOS_ERROR_CODE, ECOS_ERROR_MESSAGE }: QueuedLetter['attributes'],
  { tenant }: About,
): string | undefined {
  if (ERROR_CODE !== undefined) return `rule: ${ERROR_CODE}`
  if (ECOS_ERROR_CODE === undefined) return undefined
  const mismatch: ErrorCode = 'tenant-mismatch'
  const isRefused = tenant === undefined || ECOS_ERROR_CODE === mismatch
  return isRefused ? `${ECOS_ERROR_CODE}: ${ECOS_ERROR_MESSAGE}` : undefined
}

type About = Pick<DeadLetter, 'tenant' | 'type' | 'eventId' | 'notificationId' | 'reason'>

function aboutOf(kind: Kind, body: unknown, routingKey?: string): About {
  switch (kind) {
    case 'event': {
      const { data } = event.safeParse(body)
      if (!data) return {}
      const { source, detail } = data
      const { tenantid: named, type, id } = detail
      const tenant = source === undefined ? named : tenantOfSender(source, named)
      return { ...(tenant !== undefined && { tenant }), type, eventId: id }
    }
    case 'notification': {
      const { data } = notification.safeParse(body)
      if (!data) return {}
      const { eventType: type, ...ids } = data
      return { type, ...ids }
    }
    case 'message': {
      const { data } = message.safeParse(body)
      if (!data) return routingKey && isEventType(routingKey) ? { type: routingKey } : {}
      const { type, id } = data.data
      return { type, ...(id && { eventId: id }) }
    }
    case 'quarantined': {
      const { data } = quarantined.safeParse(body)
      if (!data) return {}
      const { tenant, reason, queue, routingKey: key, body: sent } = data
      const bytes = Buffer.from(sent ?? '', 'base64')
      const read = message.safeParse(parseJson(bytes.toString()))
      // The key is the queue's name in events 2.0 and through the default exchange.
      const type = key === undefined || key === queue ? read.data?.data.type : key
      // The id that the bridge would give it. A body that is kept elsewhere is not read for it.
      if (type === undefined) return { tenant, reason }
      if (sent === undefined) return { tenant, reason, type }
      return { tenant, reason, type, eventId: eventId(tenant, type, read.data?.data.id, bytes) }
    }
  }
}
