import * as z from 'zod'
import { type EventType, isEventType } from '../../events/catalogue.ts'
import { late } from '../../late.ts'
import { type Person, person } from '../../notifications/person.ts'
import type { SubscriptionEntry } from '../../notifications/subscriptions/entry.ts'
import { preferences } from '../../notifications/subscriptions/preferences.ts'
import { readActions } from '../../notifications/subscriptions/stored-actions.ts'
import {
  type GonePlaces,
  subscribedType,
  switchedOffAt,
} from '../../notifications/subscriptions/subscriptions.ts'
import { escapeTenant } from '../../tenant-name.ts'

/**
 * The table of subscriptions: partition key `subscriber`, sort key `eventType`.
 *
 * | subscriber            | eventType     | other attributes                               |
 * | --------------------- | ------------- | ---------------------------------------------- |
 * | `<tenant>#<username>` | an event type | `actions`; `tenantType` is `<tenant>#<type>`   |
 * | `<tenant>#<username>` | `preferences` | `preferences`                                  |
 * | `<tenant>#<username>` | `person`      | `person`; `tenantType` is `<tenant>#person`;   |
 * |                       |               | `gone`: switched-off addresses of the rules    |
 * | `<tenant>#<username>` | `links`       | `revokedAt` of the links to their own page     |
 * | `<tenant>`            | an event type | `actions`: the tenant's rule for everyone else |
 *
 * The index `byType` has the partition key `tenantType`. A tenant's id contains no `#`.
 */
export const byType = 'byType'

const gonePlaces = late(() => z.record(z.string(), switchedOffAt))

export interface Key {
  readonly subscriber: string
  readonly eventType: EventType | 'preferences' | 'person' | 'links'
}

/** The actions of one person or, without a user name, of the tenant's rule. */
export interface ActionsKey {
  readonly tenant: string
  readonly username?: string | undefined
  readonly eventType: EventType
}

export type Item = Readonly<Record<string, unknown>>

/** Bytes of a partition key (service quota). */
const longestKey = 2048

/** DynamoDB rejects a whole call for one key that is too long, and no subscription can have such a key. */
export function isKey({ subscriber }: Key): boolean {
  return Buffer.byteLength(subscriber) <= longestKey
}

export function subscriberOf(tenant: string, username?: string): string {
  return username === undefined ? escapeTenant(tenant) : `${escapeTenant(tenant)}#${username}`
}

export function tenantTypeOf(tenant: string, eventType: EventType): string {
  return `${escapeTenant(tenant)}#${eventType}`
}

export function keyOf({ tenant, username, eventType }: ActionsKey): Key {
  return { subscriber: subscriberOf(tenant, username), eventType }
}

export function preferencesKey(tenant: string, username: string): Key {
  return { subscriber: subscriberOf(tenant, username), eventType: 'preferences' }
}

export function personKey(tenant: string, username: string): Key {
  return { subscriber: subscriberOf(tenant, username), eventType: 'person' }
}

/** The partition of all people of a tenant in the index. */
export function peopleTypeOf(tenant: string): string {
  return `${escapeTenant(tenant)}#person`
}

/** What is known of the person of an item; undefined if the item does not fit. */
export function personOf(item: Item): Person | undefined {
  return person.safeParse(item['person']).data
}

/** The addresses that the rules become for the person of an item, and that are switched off. */
export function goneIn(item: Item): GonePlaces | undefined {
  return gonePlaces.safeParse(item['gone']).data
}

export function linksKey(tenant: string, username: string): Key {
  return { subscriber: subscriberOf(tenant, username), eventType: 'links' }
}

/** Whether an item is a subscription, a rule or preferences. */
export function isEntry({ eventType }: Item): boolean {
  return eventType !== 'links'
}

export function itemOf(of: ActionsKey, actions: readonly unknown[]): Item {
  const { tenant, username, eventType } = of
  // The index leaves out the rule, since it is nobody's subscription.
  const indexed = username !== undefined && { tenantType: tenantTypeOf(tenant, eventType) }
  return { ...keyOf(of), actions, ...indexed }
}

export function usernameOf(tenant: string, { subscriber }: Item): string {
  return String(subscriber).slice(`${escapeTenant(tenant)}#`.length)
}

/** Parses an item. An action that does not fit is `broken`, and costs no other. */
export function entryIn(tenant: string, item: Item): SubscriptionEntry {
  const eventType = String(item['eventType'])
  const isRule = item['subscriber'] === subscriberOf(tenant)
  const username = isRule ? undefined : usernameOf(tenant, item)
  const who = username === undefined ? {} : { username }
  if (eventType === 'preferences' && username !== undefined) {
    const parsed = preferences.safeParse(item['preferences'])
    if (parsed.success) return { of: 'preferences', username, preferences: parsed.data }
  }
  if (eventType === 'person' && username !== undefined) {
    const known = personOf(item)
    const gone = goneIn(item)
    if (known) return { of: 'person', username, person: known, ...(gone && { gone }) }
  }
  if (!isEventType(eventType) || username === '') return { of: 'misfit', ...who, eventType }
  const { actions, broken } = readActions(item['actions'])
  return {
    of: 'subscription',
    subscription: { tenant, ...who, eventType: subscribedType(eventType), actions: [...actions] },
    ...(broken.length > 0 && { broken }),
  }
}
