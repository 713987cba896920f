import type { Traced } from '../events/trace.ts'
import type { MailParts, MessageDetails, MessageLink } from './message-parts.ts'

/** A notification for a channel to deliver. `text` and `html` have the same content. */
export interface ChannelMessage extends Traced {
  /** The same for every delivery of the notification: the provider's idempotency key. */
  readonly notificationId: string
  readonly tenant: string
  readonly eventType: string
  readonly eventId: string
  readonly address: string
  /** The person's, for links of their own; no channel tells it to anybody. */
  readonly username?: string | undefined
  /** One line, without control characters. */
  readonly title: string
  readonly text: string
  readonly html: string
  /** BCP 47. */
  readonly locale: string
  /** The subscription's values from the event, by name. */
  readonly customData: Readonly<Record<string, unknown>>
  /** See `messageParts`. */
  readonly short?: string | undefined
  readonly link?: MessageLink | undefined
  readonly mail?: MailParts | undefined
  readonly details?: MessageDetails | undefined
}

/**
 * One attempt to send a notification, by its outcome. A `transient` failure may succeed later, but not
 * before `retryAfterSeconds` if the provider says so; a `permanent` one never will; `gone` means that
 * no notification will ever reach this address, which is then switched off. `unknown` means that the
 * provider may have accepted the notification: the connection broke or timed out after the whole message
 * was handed over and before the answer. A reason contains no address, no text of the notification and no
 * secret.
 */
export type Delivery =
  | { readonly outcome: 'sent'; readonly providerId?: string }
  | {
      readonly outcome: 'transient'
      readonly reason: string
      readonly retryAfterSeconds?: number
      /** The provider takes no more messages to the address until then. */
      readonly isFlood?: true
    }
  | { readonly outcome: 'permanent'; readonly reason: string }
  | { readonly outcome: 'gone'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string }

/** One way to reach a person, implemented by a file beside this one. */
export interface Channel {
  /** Never throws for a provider's answer, which is a `Delivery`; may throw if it can't ask at all. */
  deliver(message: ChannelMessage): Promise<Delivery>
}

/**
 * All channels. Each has a queue, a dead-letter queue and a function send-<channel>. `chat` is Slack and
 * those that take its incoming webhooks, `push` Firebase Cloud Messaging.
 */
export const channelNames = ['email', 'webhook', 'telegram', 'chat', 'push', 'sms'] as const
export type ChannelName = (typeof channelNames)[number]
