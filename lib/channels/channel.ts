/** One channel: one way to reach a person. Each is a file beside this one. */

/** What a channel is given to deliver. `text` and `html` say the same thing. */
export interface ChannelMessage {
  /** The same for every delivery of the same notification: the provider's idempotency key. */
  readonly notificationId: string
  readonly address: string
  /** One line, without control characters. */
  readonly title: string
  readonly text: string
  readonly html: string
  /** BCP 47. */
  readonly locale: string
}

/**
 * The outcome of one delivery. `transient` may succeed when tried again later; `permanent` will not,
 * whoever tries.
 */
export type Delivery =
  | { readonly outcome: 'sent'; readonly providerId?: string }
  | { readonly outcome: 'transient'; readonly reason: string }
  | { readonly outcome: 'permanent'; readonly reason: string }

export interface Channel {
  /** Never throws for what the provider answers: that is a `Delivery`. */
  deliver(message: ChannelMessage): Promise<Delivery>
}

/** Every channel there is; each has a queue, a dead-letter queue and a function send-<channel>. */
export const channelNames = ['email'] as const
export type ChannelName = (typeof channelNames)[number]
