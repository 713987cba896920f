import { z } from 'zod'
import { channelNames } from '../channels/channel.ts'
import { type EventType, eventTypes } from '../events/catalogue.ts'

/** One way in which a person wants to be told. */
export const action = z.object({
  channel: z.enum(channelNames),
  /** What the channel delivers to: for e-mail, the address. */
  address: z.string().trim().min(1).max(2048),
  /** BCP 47. The tenant's own, where a person names none. */
  locale: z.string().optional(),
})
export type Action = z.infer<typeof action>

/** What one person wants to be told about one event type. */
export const subscription = z.object({
  tenant: z.string().min(1),
  /** In lower case. */
  username: z.string().min(1).toLowerCase(),
  eventType: z.enum(eventTypes),
  actions: z.array(action).max(100),
})
export type Subscription = z.infer<typeof subscription>

export interface SubscriptionStore {
  /** @param usernames in lower case, nobody twice; those without a subscription are left out */
  find(tenant: string, usernames: readonly string[], eventType: EventType): Promise<Subscription[]>
}

/** A new task is one subscription to ECOS, whether it comes to a pool or to one person. */
export function subscribedType(type: EventType): EventType {
  return type === 'task.create' ? 'task.assign' : type
}
