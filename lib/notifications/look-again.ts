import { EcosError } from '../errors.ts'
import { type EventType, isEventType } from '../events/catalogue.ts'
import { leavingDays } from '../tenants/published.ts'
import type { SubjectStore } from './cancel.ts'
import { lookBefore } from './chain.ts'
import { isolate, reasonOf } from './isolate.ts'
import { notificationId, reminderType } from './notification.ts'
import { addressOf, brokenReason, switchedOff } from './plan.ts'
import type { NotificationRecord, NotificationStore, StateChange } from './store.ts'
import { type SubjectState, whyOver } from './subject.ts'
import { isAt, placeName } from './subscriptions/actions.ts'
import {
  type Action,
  placesOf,
  remindedType,
  type Subscriber,
  type SubscriptionStore,
  subscribedType,
} from './subscriptions/subscriptions.ts'
import { heldOn, isNotifiedType, whyBlocked } from './timing.ts'

export interface LookAgainPorts {
  readonly subjects: Pick<SubjectStore, 'statesOf'>
  readonly subscriptions: Pick<SubscriptionStore, 'find'>
  readonly notifications: Pick<NotificationStore, 'find'>
  /** By default every tenant is here. */
  standingOf?(tenant: string): Promise<Standing>
}

/** Whether a tenant is the cell's: a removed one becomes unknown after `leavingDays`. */
export type Standing = 'here' | 'removed' | 'unknown'

/**
 * What became of a notification while it was held: it goes to this address, waits longer, or no longer goes
 * at all.
 */
export type Verdict =
  | { readonly is: 'due'; readonly address: string }
  /** ISO 8601, in UTC. */
  | { readonly is: 'held'; readonly until: string }
  /** Without a change it is already in its state. */
  | { readonly is: 'over'; readonly change?: StateChange }

/** How things stand now, for some notifications. */
export interface Present {
  /** Why its subject does not call for it any more. */
  whyOver(record: NotificationRecord): string | undefined
  /** The person's actions for the type; none for a type that nobody can subscribe to. */
  subscriberOf(record: NotificationRecord): Omit<Subscriber, 'username'>
}

/** Reads once for each tenant and type what has become of the notifications' subjects and subscribers. */
export async function present(
  records: readonly NotificationRecord[],
  { subjects, subscriptions, standingOf }: LookAgainPorts,
  now: Date,
): Promise<Present> {
  const standings = new Map<string, Standing | undefined>()
  const states = new Map<string, ReadonlyMap<string, SubjectState>>()
  const subscribers = new Map<string, Subscriber>()
  const ofTenants = Map.groupBy(records, ({ tenant }) => tenant)
  await Promise.all(
    [...ofTenants].map(async ([tenant, some]) => {
      const isReminded = some.some(({ eventType }) => eventType === reminderType)
      if (isReminded) standings.set(tenant, await standingOf?.(tenant))
      const named = some.flatMap(({ subject }) => (subject === undefined ? [] : [subject]))
      if (named.length > 0) states.set(tenant, await subjects.statesOf(tenant, distinct(named)))
      for (const [eventType, ofType] of Map.groupBy(some, (record) => record.eventType)) {
        const type = typeOf(eventType)
        if (type === undefined) continue
        const usernames = distinct(ofType.map(({ username }) => username))
        const found = await subscriptions.find(tenant, usernames, type)
        for (const one of found) {
          subscribers.set(keyOf(tenant, eventType, one.username), withAddresses(one))
        }
      }
    }),
  )
  return {
    whyOver(record) {
      if (isOfRemoved(record, standings.get(record.tenant), now)) return 'the tenant was removed'
      const state = states.get(record.tenant)?.get(record.subject ?? '')
      return state && whyOver(record, state)
    },
    subscriberOf({ tenant, eventType, username }) {
      return subscribers.get(keyOf(tenant, eventType, username)) ?? { actions: [] }
    },
  }
}

/** A reminder may be due long after its tenant is forgotten: an older one was made while the tenant was here. */
function isOfRemoved(
  { eventType, createdAt }: NotificationRecord,
  standing: Standing | undefined,
  now: Date,
): boolean {
  if (eventType !== reminderType) return false
  if (standing !== 'unknown') return standing === 'removed'
  const forgotten = now.getTime() - leavingDays * 86_400_000
  return createdAt !== undefined && Date.parse(createdAt) < forgotten
}

/** The type whose subscriptions give the addresses; undefined for one that nobody can subscribe to. */
function typeOf(eventType: string): EventType | undefined {
  if (eventType === reminderType) return remindedType
  return isEventType(eventType) ? subscribedType(eventType) : undefined
}

/** A rule's actions with the person's own addresses, without those that can't be one. */
function withAddresses(subscriber: Subscriber): Subscriber {
  const addressed = <Some extends Pick<Action, 'channel' | 'address'>>(one: Some): Some[] =>
    isolate(
      () => {
        const { channel } = one
        const address = addressOf(subscriber, one)
        const off = subscriber.gone?.[placeName({ channel, address })]
        return [{ ...one, address, ...(off && { off }) }]
      },
      () => [],
    )
  const actions = subscriber.actions.flatMap((action) => {
    const next = action.next?.flatMap(addressed)
    return addressed({ ...action, ...(next && { next }) })
  })
  return { ...subscriber, actions }
}

/** The action at each of its places. */
function eachPlace(action: Action): Action[] {
  const { off: _, ...common } = action
  return placesOf(action).map(({ afterMinutes: __, ...place }) => ({ ...common, ...place }))
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts)
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}

/** Looks at a held notification again: what was decided when its event came may no longer hold. */
export async function lookAgain(
  record: NotificationRecord,
  present: Present,
  now: Date,
  ports: LookAgainPorts,
): Promise<Verdict> {
  const { state, eventType, channel, address, heldUntil } = record
  if (state !== 'WAIT_FOR_DISPATCH' || channel === 'unknown') return { is: 'over' }
  const over = present.whyOver(record)
  if (over !== undefined) return { is: 'over', change: { state: 'CANCELLED', reason: over } }
  const { deliveredBy, turn } = await lookBefore(record, now, ports.notifications)
  if (deliveredBy !== undefined) {
    return { is: 'over', change: { state: 'CANCELLED', reason: `delivered by ${deliveredBy}` } }
  }
  if (turn !== undefined) return { is: 'held', until: turn }
  if (!isNotifiedType(eventType)) return { is: 'due', address }
  const { actions, broken = [], preferences, preferencesFault } = present.subscriberOf(record)
  if (preferencesFault !== undefined) {
    return failed(reasonOf(new EcosError('invalid-preferences', preferencesFault)))
  }
  const reason = preferences && whyBlocked(preferences, eventType, channel)
  if (reason !== undefined) return blocked(reason)
  const quiet = isolate((): Verdict | undefined => {
    const until = preferences && heldUntil && heldOn(preferences, eventType, heldUntil, now)
    return until ? { is: 'held', until } : undefined
  }, failed)
  if (quiet) return quiet
  const here = actions.flatMap(eachPlace).filter(isAt({ channel, address }))
  const own = here.find((action) => !isUnasked(record, action)) ?? here[0]
  if (own?.off) return blocked(switchedOff(own.off.reason))
  if (own && isUnasked(record, own))
    return blocked('the subscription has no such reminder any more')
  if (own) return { is: 'due', address }
  const other = await newAddress(record, actions, ports)
  if (other !== undefined) return { is: 'due', address: other }
  // An action that can't be read may be the one that the notification is for.
  const unread = broken.find((one) => one.channel === channel || one.channel === 'unknown')
  if (unread) return failed(brokenReason(unread))
  return blocked('the person is no longer subscribed with this address')
}

/** Without reminders of its own, the action has those of the tenant. */
function isUnasked({ reminder }: NotificationRecord, { reminders }: Action): boolean {
  const isOwn = reminder?.to === 'recipient' && reminders !== undefined
  return isOwn && !reminders.includes(reminder.text)
}

function failed(reason: string): Verdict {
  return { is: 'over', change: { state: 'ERROR', reason } }
}

function blocked(reason: string): Verdict {
  return { is: 'over', change: { state: 'BLOCKED', reason } }
}

/** The person's address on the channel that the event has no notification for: it replaced the old one. */
async function newAddress(
  record: NotificationRecord,
  actions: Subscriber['actions'],
  { notifications }: LookAgainPorts,
): Promise<string | undefined> {
  for (const action of actions) {
    const { channel, address, off } = action
    if (channel !== record.channel || off || isUnasked(record, action)) continue
    const other = { ...record, address }
    const id = notificationId(other)
    if (!(await notifications.find({ ...other, notificationId: id }))) return address
  }
  return undefined
}
