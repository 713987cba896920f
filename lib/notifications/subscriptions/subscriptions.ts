import { z } from 'zod'
import { channelNames } from '../../channels/channel.ts'
import { type EventType, eventTypes } from '../../events/catalogue.ts'
import { predicate } from '../../events/predicate.ts'
import type { Preferences } from './preferences.ts'
import { isRuleAddress } from './rule-address.ts'

/** A variable of a template, and a dotted path in the event's data. */
const customData = z.record(
  z.string().regex(/^[A-Za-z_]\w{0,63}$/, 'a name of letters, digits and underscores'),
  z.string().min(1).max(256),
)

/** One way in which a person wants to be told. */
export const action = z.object({
  channel: z.enum(channelNames),
  /** What the channel delivers to: for e-mail, the address. */
  address: z.string().trim().min(1).max(2048),
  /** BCP 47. The tenant's own, where a person names none. */
  locale: z.string().optional(),
  /** The name of a template. The event type's own, where none is named. */
  template: z.string().min(1).max(100).optional(),
  /** Holds for the events that the person wants to be told of. All, where there is none. */
  condition: predicate.optional(),
  /** What the template gets besides the event. */
  customData: customData.optional(),
  /** Set once the provider says that there is no such address any more, with its reason. */
  off: z.object({ reason: z.string(), at: z.string() }).optional(),
})
export type Action = z.infer<typeof action>

const actions = z.array(action).max(100)

/** What one person wants to be told about one event type. */
export const subscription = z.object({
  tenant: z.string().min(1),
  /** In lower case. */
  username: z.string().min(1).toLowerCase(),
  eventType: z.enum(eventTypes).transform(subscribedType),
  actions,
})
export type Subscription = z.infer<typeof subscription>

/**
 * What a tenant's people are told about an event type who have no subscription to it. Its addresses
 * are Liquid over `username`: `{{ username }}@acme.example`.
 */
export const tenantRule = subscription.omit({ username: true }).extend({
  actions: actions.refine((all) => all.every(({ address }) => isRuleAddress(address)), {
    error: 'an address may have {{ username }} in it, and nothing else of a template',
  }),
})
export type TenantRule = z.infer<typeof tenantRule>

/** A person as an event meets them. */
export interface Subscriber {
  /** In lower case. */
  readonly username: string
  /** Their own, or what the tenant's rule gives them. */
  readonly actions: readonly Action[]
  readonly preferences?: Preferences
}

export interface SubscriptionStore {
  /** @param usernames in lower case, nobody twice; those whom nothing is meant for are left out */
  find(tenant: string, usernames: readonly string[], eventType: EventType): Promise<Subscriber[]>
  /**
   * All who have a subscription to the type, for events that name nobody. Reads an index, which knows
   * of a new subscription some moments later.
   */
  subscribersOf(tenant: string, eventType: EventType): Promise<Subscriber[]>
}

/** A new task is one subscription to ECOS, whether it comes to a pool or to one person. */
export function subscribedType(type: EventType): EventType {
  return type === 'task.create' ? 'task.assign' : type
}
