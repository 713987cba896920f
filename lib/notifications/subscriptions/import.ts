import * as z from 'zod'
import { eventTypes } from '../../events/catalogue.ts'
import { faultsIn } from '../../parse.ts'
import { tenantId } from '../../tenants/tenant-id.ts'
import { convertAction, isRemark, type Remark } from './old-action.ts'
import { type Subscription, subscribedType } from './subscriptions.ts'

/** The result of converting the old notification service's subscribers. */
export interface Import {
  /** One for each person and type. */
  readonly subscriptions: readonly Subscription[]
  /** Entries that can't be imported, or only in part. */
  readonly remarks: readonly Remark[]
}

const oldSubscriber = z.looseObject({
  tenantId,
  username: z.string().trim().min(1).toLowerCase(),
  subscriptions: z.array(z.unknown()),
})
const oldSubscription = z.looseObject({
  eventType: z.enum(eventTypes).transform(subscribedType),
  actions: z.array(z.unknown()),
})

/** @param file one subscriber of the old service, or a list of them */
export function readOldSubscribers(file: unknown): Import {
  const all = [file].flat().flatMap((one, index) => readSubscriber(one, `[${index}]`))
  return {
    subscriptions: joined(all.flatMap((one) => (isRemark(one) ? [] : [one]))),
    remarks: all.filter(isRemark),
  }
}

function readSubscriber(value: unknown, place: string): (Subscription | Remark)[] {
  const parsed = oldSubscriber.safeParse(longForm(value))
  if (!parsed.success) return [{ of: 'refused', place, text: faultsIn(parsed.error) }]
  const { tenantId: tenant, username, subscriptions } = parsed.data
  return subscriptions.flatMap((one, index) =>
    readSubscription(one, { tenant, username }, `${place}.subscriptions[${index}]`),
  )
}

/** The old service's own API gives a subscriber's `id` as `<tenant>|<user>`, and `subscribes`. */
function longForm(value: unknown): unknown {
  const { id, subscribes } = Object(value)
  if (typeof id !== 'string' || subscribes === undefined) return value
  const [tenant, ...username] = id.split('|')
  return { tenantId: tenant, username: username.join('|'), subscriptions: subscribes }
}

function readSubscription(
  value: unknown,
  person: Pick<Subscription, 'tenant' | 'username'>,
  place: string,
): (Subscription | Remark)[] {
  const parsed = oldSubscription.safeParse(value)
  if (!parsed.success) return [{ of: 'refused', place, text: faultsIn(parsed.error) }]
  const { eventType, actions } = parsed.data
  return actions
    .flatMap((one, index) => convertAction(one, `${place}.actions[${index}]`))
    .map((one) => (isRemark(one) ? one : { ...person, eventType, actions: [one] }))
}

/** Merges the subscriptions of each person and type into one. */
function joined(subscriptions: readonly Subscription[]): Subscription[] {
  const byKey = new Map<string, Subscription>()
  for (const one of subscriptions) {
    const key = JSON.stringify([one.tenant, one.username, one.eventType])
    byKey.set(key, { ...one, actions: [...(byKey.get(key)?.actions ?? []), ...one.actions] })
  }
  return [...byKey.values()]
}
