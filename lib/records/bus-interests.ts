import { type EventType, eventTypes } from '../events/catalogue.ts'
import { attribute, type Interests, interestLimits } from '../events/interest.ts'
import type { Log } from '../log.ts'
import {
  type Subscription,
  subscribedType,
  type TenantRule,
} from '../notifications/subscriptions/subscriptions.ts'
import type { NamedAttributes } from '../notifications/templates/named-attributes.ts'
import type { Tenant } from '../tenants/tenants-file.ts'
import { type InterestsOf, mergeInterests } from './interests.ts'
import type { RegisteredInterest } from './record-listeners.ts'
import { pathsOf, requestedAttribute } from './requested-attributes.ts'

export interface BusInterestsOptions {
  readonly tenants: readonly Tenant[]
  /** The subscriptions of a tenant's people, and its rules. */
  subscriptionsOf(tenant: string): Promise<readonly (Subscription | TenantRule)[]>
  registrationsOf(tenant: string): Promise<readonly RegisteredInterest[]>
  readonly namedAttributes: NamedAttributes
  readonly log: Log
}

/**
 * Collects what the listeners on the bus want of a tenant's record events, for the types that are turned
 * on for it: the interests that its functions registered, the paths in the conditions and custom data of
 * subscriptions, and the attributes that the subscribers' templates name. A type without a registered
 * function or a subscription is left out.
 */
export function busInterests(options: BusInterestsOptions): InterestsOf {
  const turnedOn = new Map(options.tenants.map(({ id, events }) => [id, events]))
  return async (tenant) => {
    const types = turnedOn.get(tenant) ?? []
    if (types.length === 0) return {}
    const [subscriptions, registrations] = await Promise.all([
      options.subscriptionsOf(tenant),
      options.registrationsOf(tenant),
    ])
    const named = (name: string) => options.namedAttributes(tenant, name)
    const merged = mergeInterests([
      ...registrations.map(({ eventType, listener, ...interest }) => ({ [eventType]: interest })),
      ...subscriptions.flatMap((subscription) => interestsOf(subscription, named)),
    ])
    return acceptableInterests(merged, types, tenant, options.log)
  }
}

function interestsOf(
  { eventType, actions }: Subscription | TenantRule,
  named: (name: string) => readonly string[],
): Interests[] {
  // A subscription without actions turns the type off.
  if (actions.length === 0) return []
  const types = eventTypes.filter((type) => subscribedType(type) === eventType)
  return types.map((type) => {
    const requested = actions.flatMap(pathsOf).map((path) => requestedAttribute(path, type))
    const templates = [type, ...actions.flatMap(({ template }) => template ?? [])]
    const attributes = [
      ...requested.filter((path) => path !== undefined),
      ...templates.flatMap(named),
    ]
    return { [type]: { attributes } }
  })
}

/** Drops paths that a source would refuse: one of them would cost the whole message. */
function acceptableInterests(
  interests: Interests,
  types: readonly EventType[],
  tenant: string,
  log: Log,
): Interests {
  const entries = types.flatMap((eventType) => {
    const interest = interests[eventType]
    if (interest === undefined) return []
    const { accepted, refused } = partitionPaths(interest.attributes)
    if (refused.length > 0) {
      const paths = refused.slice(0, 10)
      log.warn('Ignored invalid or too many record attributes', { tenant, eventType, paths })
    }
    return [[eventType, { ...interest, attributes: accepted }] as const]
  })
  return Object.fromEntries(entries)
}

function partitionPaths(paths: readonly string[]) {
  const parsed = paths.map((path) => attribute.safeParse(path))
  const valid = new Set(parsed.flatMap(({ data }) => (data === undefined ? [] : [data])))
  const accepted = [...valid].slice(0, interestLimits.attributes)
  return {
    accepted,
    refused: [
      ...paths.filter((_, index) => !parsed[index]?.success),
      ...[...valid].slice(interestLimits.attributes),
    ],
  }
}
