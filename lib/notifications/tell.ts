import { chunks } from '../chunks.ts'
import type { BusEvent } from '../events/bus-event.ts'
import { type Traced, traceOf } from '../events/trace.ts'
import { subjectClosed } from './cancel.ts'
import { type DispatchPorts, dispatch, type Plan } from './dispatch.ts'
import type { NotificationKind } from './kind.ts'
import { notificationId } from './notification.ts'
import { type PlannedNotification, planNotifications } from './plan.ts'
import type { InitialState } from './store.ts'
import type { Subscriber } from './subscriptions/subscriptions.ts'
import type { Content, Render } from './templates/render.ts'

export interface TellPorts extends DispatchPorts {
  /** The tenant's language; undefined for an unknown tenant. */
  localeOf(tenant: string): string | undefined
  readonly render: Render
  now(): Date
}

/** What an event's notifications have in common. */
export interface Telling<Data extends object> {
  readonly kind: NotificationKind<Data>
  readonly event: BusEvent
  readonly data: Data
  readonly about: About
}

/** The subject of the event's notifications, and whether another event has closed it. */
export interface About extends Traced {
  readonly subject?: string
  readonly isClosed: boolean
}

export interface Told {
  readonly notifications: number
  /** Why the tenant's own template for the type failed, if it did. */
  readonly broken?: unknown
}

/** Notifications stored and queued together: a bound for memory and connections. */
const chunkSize = 100

/**
 * Prepares to tell people of an event. A notification that fails for its own fault is ERROR; all others
 * are queued. May be repeated at any point: a notification is stored once before it is queued.
 */
export function telling<Data extends object>(
  { kind, event, data, about }: Telling<Data>,
  ports: TellPorts,
): (subscribers: readonly Subscriber[]) => Promise<Told> {
  const contentOf = rendererOf(kind, data, event.tenant, ports)
  return async (subscribers) => {
    const now = ports.now()
    const planned = planNotifications({ eventType: kind.type, data }, subscribers, now)
    let broken: unknown
    const plans = planned.map((one) => {
      const content = () => {
        try {
          return contentOf(one)
        } catch (error) {
          if (one.template === undefined) broken ??= error
          throw error
        }
      }
      return identify(event, one, about, content, now)
    })
    for (const chunk of chunks(plans, chunkSize)) await dispatch(chunk, ports)
    return { notifications: plans.length, broken }
  }
}

/** Renders once for all recipients with the same options. */
function rendererOf<Data extends object>(
  kind: NotificationKind<Data>,
  data: Data,
  tenant: string,
  { render, localeOf }: TellPorts,
): (planned: PlannedNotification) => Content {
  const rendered = new Map<string, () => Content>()
  const tenantLocale = localeOf(tenant)
  return ({ channel, locale, timeZone, template, customData }) => {
    const key = JSON.stringify([channel, locale, timeZone, template, customData])
    const options = { tenant, channel, locale, timeZone, tenantLocale, template, customData }
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

function identify(
  { tenant, eventType, eventId, again }: BusEvent,
  planned: PlannedNotification,
  { subject, isClosed, ...trace }: About,
  content: () => Content,
  now: Date,
): Plan {
  const { username, channel, address, customData } = planned
  const event = { tenant, eventType, eventId }
  const id = notificationId({ ...event, username, channel, address }, again)
  const queued = { ...event, channel, address, notificationId: id, ...traceOf(trace) }
  return {
    notification: { ...queued, username, ...(subject !== undefined && { subject }) },
    initial: isClosed ? { state: 'CANCELLED', reason: subjectClosed } : initialStateOf(planned),
    queued: () => ({
      ...queued,
      ...content(),
      customData: { ...customData },
      queuedAt: now.toISOString(),
      resend: 0,
    }),
  }
}

function initialStateOf({ timing }: PlannedNotification): InitialState {
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
      return { state: 'WAIT_FOR_DISPATCH', heldUntil, digest: timing.digest }
    }
  }
}
