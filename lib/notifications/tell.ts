import { chunks } from '../chunks.ts'
import { type Traced, traceOf } from '../events/trace.ts'
import { type DispatchPorts, dispatch, type Plan } from './dispatch.ts'
import type { EventMessage } from './event-message.ts'
import type { KeptEvents } from './kept-events.ts'
import type { NotificationKind } from './kind.ts'
import { type Notification, notificationId, type QueuedNotification } from './notification.ts'
import {
  isFailed,
  type PlannedNotification,
  planNotifications,
  type SendableNotification,
} from './plan.ts'
import type { InitialState } from './store.ts'
import { type SubjectState, subjectClosed } from './subject.ts'
import type { Subscriber } from './subscriptions/subscriptions.ts'
import type { Names } from './templates/message-parts.ts'
import type { Content, Render } from './templates/render.ts'

export interface TellPorts extends DispatchPorts {
  /** The tenant's language; undefined for an unknown tenant. */
  localeOf(tenant: string): string | undefined
  readonly render: Render
  readonly keptEvents: Pick<KeptEvents, 'keep'>
  now(): Date
}

/** What an event's notifications have in common. */
export interface Telling<Data extends object> {
  readonly kind: NotificationKind<Data>
  readonly event: EventMessage
  readonly data: Data
  readonly about: About
  /** The display names of the people in the event, as far as they are known. */
  readonly people?: Names
}

/** The subject of the event's notifications, and what other events have made of it. */
export interface About extends Traced {
  readonly subject?: string
  readonly state: SubjectState
}

export interface Told {
  /** The ids of the notifications. */
  readonly ids: readonly string[]
  /** Why the tenant's own template for the type fails, if it fails whatever custom data a person has. */
  readonly broken?: unknown
}

/**
 * People who are planned, and notifications that are stored and queued, together: as many as one call of
 * SQS takes. Between two groups the process goes on with its other messages, and the stores with theirs.
 */
const groupSize = 10

/**
 * Prepares to tell people of an event. A notification that fails for its own fault is ERROR; all others
 * are queued. May be repeated at any point: a notification is stored once before it is queued.
 */
export function telling<Data extends object>(
  { kind, event, data, about, people }: Telling<Data>,
  ports: TellPorts,
): (subscribers: readonly Subscriber[]) => Promise<Told> {
  const contentOf = rendererOf(kind, data, { tenant: event.tenant, people }, ports)
  // A template that fails without custom data fails for everyone.
  const faultOfTemplate = (one: SendableNotification): unknown => {
    try {
      contentOf({ ...one, customData: {} })
      return undefined
    } catch (error) {
      return error
    }
  }
  return async (subscribers) => {
    const now = ports.now()
    const ids: string[] = []
    let [hasFailed, broken]: [boolean, unknown] = [false, undefined]
    const planOf = (one: PlannedNotification): Plan => {
      const plan = {
        notification: identify(event, one, about),
        initial: initialOf(one, event, about),
      }
      ids.push(plan.notification.notificationId)
      if (isFailed(one)) {
        hasFailed = true
        return plan
      }
      const content = () => {
        try {
          return contentOf(one)
        } catch (error) {
          hasFailed = true
          if (one.template === undefined) broken ??= faultOfTemplate(one)
          throw error
        }
      }
      return { ...plan, queued: () => queuedOf(plan.notification, one, content(), now) }
    }
    for (const group of chunks(subscribers, groupSize)) {
      const planned = planNotifications({ eventType: kind.type, data }, group, now)
      const due = event.failed ? planned.map(atOnce) : planned
      for (const some of chunks(due, groupSize)) await dispatch(some.map(planOf), ports)
    }
    if (hasFailed) await ports.keptEvents.keep(event)
    return { ids, broken }
  }
}

/** Renders once for all recipients with the same options. */
function rendererOf<Data extends object>(
  kind: NotificationKind<Data>,
  data: Data,
  common: { readonly tenant: string; readonly people: Names | undefined },
  { render, localeOf, now }: TellPorts,
): (planned: SendableNotification) => Content {
  const rendered = new Map<string, () => Content>()
  const tenantLocale = localeOf(common.tenant)
  const today = now()
  return ({ channel, locale, timeZone, template, customData, timing }) => {
    // What is held is read later: words such as "tomorrow" count from then.
    const readAt = timing.when === 'later' ? new Date(timing.notBefore) : today
    const key = JSON.stringify([channel, locale, timeZone, template, customData, readAt])
    const reader = { channel, locale, timeZone, template, customData, now: readAt }
    const options = { ...common, ...reader, tenantLocale }
    const content = rendered.get(key) ?? once(() => render(kind, data, options))
    rendered.set(key, content)
    return content()
  }
}

/** Runs the work at the first call, and repeats its result or its error at every other. */
function once<Result>(work: () => Result): () => Result {
  let repeat: (() => Result) | undefined
  return () => {
    if (repeat) return repeat()
    try {
      const result = work()
      repeat = () => result
    } catch (error) {
      repeat = () => {
        throw error
      }
    }
    return repeat()
  }
}

/** A notification that an operator has planned again is not held. */
function atOnce(planned: PlannedNotification): PlannedNotification {
  return planned.timing.when === 'later' && !planned.timing.awaits && !isFailed(planned)
    ? { ...planned, timing: { when: 'now' } }
    : planned
}

function identify(
  { tenant, eventType, eventId, again }: EventMessage,
  { username, channel, address }: Pick<PlannedNotification, 'username' | 'channel' | 'address'>,
  { subject, state: _, ...trace }: About,
): Notification {
  const run = { tenant, eventType, eventId, ...(again !== undefined && { again }) }
  const parts = { ...run, username, channel, address }
  return {
    ...parts,
    notificationId: notificationId(parts),
    ...traceOf(trace),
    ...(subject !== undefined && { subject }),
  }
}

export function queuedOf(
  { username: _, subject: __, reminder: ___, again: ____, ...about }: Notification,
  { channel, customData }: Pick<SendableNotification, 'channel' | 'customData'>,
  content: Content,
  now: Date,
): QueuedNotification {
  const rest = { customData: { ...customData }, queuedAt: now.toISOString(), resend: 0 }
  return { ...about, channel, ...content, ...rest }
}

function initialOf(
  { username, timing }: PlannedNotification,
  event: EventMessage,
  about: About,
): InitialState {
  const { state } = about
  if (state.isClosed) return { state: 'CANCELLED', reason: subjectClosed }
  switch (timing.when) {
    case 'now':
      return { state: 'WAIT_FOR_DISPATCH' }
    case 'blocked':
      return { state: 'BLOCKED', reason: timing.reason }
    case 'failed':
      return { state: 'ERROR', reason: timing.reason }
    case 'later': {
      // Normalized, since DynamoDB compares times as text.
      const heldUntil = new Date(timing.notBefore).toISOString()
      const awaits = timing.awaits?.map(
        (place) => identify(event, { username, ...place }, about).notificationId,
      )
      return {
        ...{ state: 'WAIT_FOR_DISPATCH', heldUntil, digest: timing.digest },
        ...(awaits && { awaits }),
      }
    }
  }
}
