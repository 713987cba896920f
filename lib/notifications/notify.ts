import { chunks } from '../chunks.ts'
import { EcosError } from '../errors.ts'
import { type BusEvent, type EventKey, readData } from '../events/bus-event.ts'
import { asAttribute } from '../events/event-id.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import { type Traced, traceOf } from '../events/trace.ts'
import { cancelWaiting, type SubjectStore, subjectClosed } from './cancel.ts'
import { type DispatchPorts, dispatch, type Plan } from './dispatch.ts'
import type { EventRecords } from './event-records.ts'
import type { NotificationKind } from './kind.ts'
import { notificationId } from './notification.ts'
import { type PlannedNotification, planNotifications } from './plan.ts'
import type { InitialState, NotificationStore } from './store.ts'
import { type SubscriptionStore, subscribedType } from './subscriptions/subscriptions.ts'
import type { Content, Render } from './templates/render.ts'

export interface NotifyPorts extends DispatchPorts {
  readonly payloads: Pick<PayloadStore, 'load'>
  readonly subscriptions: SubscriptionStore
  readonly notifications: Pick<NotificationStore, 'add' | 'addAll' | 'find' | 'change'>
  readonly events: EventRecords
  readonly subjects: SubjectStore
  /** The tenant's language; undefined for an unknown tenant. */
  localeOf(tenant: string): string | undefined
  readonly render: Render
  now(): Date
}

export type NotifyOutcome = 'handled' | 'recipients-not-found' | 'duplicate'

/** Notifications stored and queued together: a bound for memory and connections. */
const chunkSize = 100

/**
 * Makes an event's notifications and queues each for its channel. A notification that fails for its own
 * fault is ERROR; all others are queued. May be repeated at any point, also by two invocations at once: a
 * notification is stored once before it is queued, and the event's own record is written last. An event
 * with a record is not handled again.
 */
export async function notify<Data extends object>(
  kind: NotificationKind<Data>,
  event: BusEvent,
  ports: NotifyPorts,
): Promise<NotifyOutcome> {
  const { tenant, eventType, eventId } = event
  if (eventType !== kind.type) {
    const problem = `The handler of ${kind.type} got an event of the type ${eventType}`
    throw new EcosError('unexpected-event-type', problem)
  }
  if (await ports.events.find(event)) return 'duplicate'
  const key = { tenant, eventType, eventId }
  const data = await readData(event, kind.schema, ports.payloads)
  const type = subscribedType(kind.type)
  const recipients = kind.recipients(data)
  const subscribers =
    recipients === 'subscribers'
      ? await ports.subscriptions.subscribersOf(tenant, type)
      : await ports.subscriptions.find(tenant, recipients, type)
  const contentOf = rendererOf(kind, data, tenant, ports)
  const about = { ...(await aboutOf(kind, key, data, ports)), ...traceOf(event) }
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
  // The tenant's own template is nobody's choice: the event rests in the dead-letter queue until it is mended.
  if (broken !== undefined) throw broken

  const { length } = recipients === 'subscribers' ? subscribers : recipients
  const state = length > 0 ? 'HANDLED' : 'RECIPIENTS_NOT_FOUND'
  await ports.events.record(event, {
    state,
    recipients: length,
    notifications: plans.length,
  })
  return state === 'HANDLED' ? 'handled' : 'recipients-not-found'
}

/** Renders once for all recipients with the same options. */
function rendererOf<Data extends object>(
  kind: NotificationKind<Data>,
  data: Data,
  tenant: string,
  { render, localeOf }: NotifyPorts,
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

/** The subject of the event's notifications, and whether another event has closed it. */
interface About extends Traced {
  readonly subject?: string
  readonly isClosed: boolean
}

/** An event that closes its subject cancels waiting notifications, but not its own. */
async function aboutOf<Data extends object>(
  kind: NotificationKind<Data>,
  event: EventKey,
  data: Data,
  ports: NotifyPorts,
): Promise<About> {
  const subject = asAttribute(kind.subject?.(data))
  if (subject === undefined) return { isClosed: false }
  if (!kind.closes) {
    return { subject, isClosed: await ports.subjects.isClosed(event.tenant, subject) }
  }
  await cancelWaiting(event, subject, ports)
  return { isClosed: false }
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
