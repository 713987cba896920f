import type { Traced } from '../events/trace.ts'

/** One channel: one way to reach a person. Each is a file beside this one. */

/** What a channel is given to deliver. `text` and `html` say the same thing. */
export interface ChannelMessage extends Traced {
  /** The same for every delivery of the same notification: the provider's idempotency key. */
  readonly notificationId: string
  readonly tenant: string
  readonly eventType: string
  readonly eventId: string
  readonly address: string
  /** One line, without control characters. */
  readonly title: string
  readonly text: string
  readonly html: string
  /** BCP 47. */
  readonly locale: string
  /** What the subscription took from the event beside the text, by name. */
  readonly customData: Readonly<Record<string, unknown>>
}

/**
 * The outcome of one delivery. `transient` may succeed when tried again later, where the provider
 * says so not before `retryAfterSeconds`; `permanent` will not, whoever tries; `gone` will not
 * either, nor will anything else to this address, which is to be switched off. A reason holds no
 * address, no text of the notification and no secret.
 */
export type Delivery =
  | { readonly outcome: 'sent'; readonly providerId?: string }
  | {
      readonly outcome: 'transient'
      readonly reason: string
      readonly retryAfterSeconds?: number
    }
  | { readonly outcome: 'permanent'; readonly reason: string }
  | { readonly outcome: 'gone'; readonly reason: string }

export interface Channel {
  /** Never throws for what the provider answers: that is a `Delivery`. */
  deliver(message: ChannelMessage): Promise<Delivery>
}

/**
 * Every channel there is, each with a queue, a dead-letter queue and a function send-<channel>. `push`
 * is Firebase Cloud Messaging.
 */
export const channelNames = ['email', 'webhook', 'telegram', 'push', 'sms'] as const
export type ChannelName = (typeof channelNames)[number]
