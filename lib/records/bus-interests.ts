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
import { attributeAskedFor, pathsOf } from './asked-of-record.ts'
import { type InterestsOf, mergeInterests } from './interests.ts'
import type { Registration } from './record-listeners.ts'

export interface BusInterestsOptions {
  readonly tenants: readonly Tenant[]
  /** Of a tenant's people, and its rules. */
  subscriptionsOf(tenant: string): Promise<readonly (Subscription | TenantRule)[]>
  registrationsOf(tenant: string): Promise<readonly Registration[]>
  readonly namedAttributes: NamedAttributes
  readonly log: Log
}

/**
 * What those on the bus want of a tenant's record events, of the types that are turned on for it: what
 * its functions have registered, what the conditions and the data of subscriptions look up, and what
 * the templates name by which the subscribers are told. A type that nobody is registered or subscribed
 * to is not wanted.
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
    const wanted = mergeInterests([
      ...registrations.map(({ eventType, listener, ...interest }) => ({ [eventType]: interest })),
      ...subscriptions.flatMap((subscription) => interestsOf(subscription, named)),
    ])
    return within(wanted, types, tenant, options.log)
  }
}

function interestsOf(
  { eventType, actions }: Subscription | TenantRule,
  named: (name: string) => readonly string[],
): Interests[] {
  // Who is told by no action has turned the type off.
  if (actions.length === 0) return []
  const types = eventTypes.filter((type) => subscribedType(type) === eventType)
  return types.map((type) => {
    const looked = actions.flatMap(pathsOf).map((path) => attributeAskedFor(path, type))
    const templates = [type, ...actions.flatMap(({ template }) => template ?? [])]
    const attributes = [...looked.filter((path) => path !== undefined), ...templates.flatMap(named)]
    return { [type]: { attributes } }
  })
}

/** Only what a source takes: one path that it refuses would cost the whole message. */
function within(
  interests: Interests,
  types: readonly EventType[],
  tenant: string,
  log: Log,
): Interests {
  const entries = types.flatMap((eventType) => {
    const interest = interests[eventType]
    if (interest === undefined) return []
    const { taken, refused } = askable(interest.attributes)
    if (refused.length > 0) {
      const paths = refused.slice(0, 10)
      log.warn('Attributes of records can not be asked for', { tenant, eventType, paths })
    }
    return [[eventType, { ...interest, attributes: taken }] as const]
  })
  return Object.fromEntries(entries)
}

function askable(paths: readonly string[]) {
  const parsed = paths.map((path) => attribute.safeParse(path))
  const good = new Set(parsed.flatMap(({ data }) => (data === undefined ? [] : [data])))
  const taken = [...good].slice(0, interestLimits.attributes)
  return {
    taken,
    refused: [
      ...paths.filter((_, index) => !parsed[index]?.success),
      ...[...good].slice(interestLimits.attributes),
    ],
  }
}
