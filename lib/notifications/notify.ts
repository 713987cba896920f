import { type ChannelName, channelNames } from '../channels/channel.ts'
import { chunks } from '../chunks.ts'
import { EcosError } from '../errors.ts'
import { type BusEvent, type EventKey, readData } from '../events/bus-event.ts'
import { asAttribute } from '../events/event-id.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import { type Traced, traceOf } from '../events/trace.ts'
import { cancelWaiting, type SubjectStore, subjectClosed } from './cancel.ts'
import type { KeptNotifications } from './kept.ts'
import type { NotificationKind } from './kind.ts'
import {
  encodeQueued,
  type Notification,
  notificationId,
  type QueuedNotification,
} from './notification.ts'
import { type PlannedNotification, planNotifications } from './plan.ts'
import type { InitialState, NotificationRecord, NotificationStore } from './store.ts'
import { type SubscriptionStore, subscribedType } from './subscriptions/subscriptions.ts'
import type { Content, Render } from './templates/render.ts'

export interface QueueMessage {
  readonly body: string
  /** MessageGroupId: a queue is fair between its groups. */
  readonly group: string
  /** How long SQS hides it at first, up to 900; none by default. */
  readonly delaySeconds?: number
}

export interface NotifyPorts {
  readonly payloads: Pick<PayloadStore, 'load'>
  readonly subscriptions: SubscriptionStore
  readonly notifications: Pick<NotificationStore, 'recordEvent' | 'add' | 'find' | 'change'>
  readonly subjects: SubjectStore
  readonly kept: Pick<KeptNotifications, 'keep'>
  /** Resolves when every message is in the channel's queue. */
  enqueue(channel: ChannelName, messages: readonly QueueMessage[]): Promise<void>
  /** The tenant's language; undefined for an unknown tenant. */
  localeOf(tenant: string): string | undefined
  readonly render: Render
  now(): Date
}

export type NotifyOutcome = 'handled' | 'recipients-not-found'

/** Notifications stored and queued together: a bound for memory and connections. */
const chunkSize = 50

/** A notification with its initial state. Its content is rendered only when needed. */
interface Plan {
  readonly notification: Notification
  readonly initial: InitialState
  queued(): QueuedNotification
}

/**
 * Makes an event's notifications and queues each for its channel. May be repeated at any point: a
 * notification is stored before it is queued, and the event's own record is written last. The caller
 * drops events that were handled before.
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
  const plans = planned.map((one) => identify(event, one, about, () => contentOf(one), now))
  for (const chunk of chunks(plans, chunkSize)) await dispatch(chunk, ports)

  const { length } = recipients === 'subscribers' ? subscribers : recipients
  const state = length > 0 ? 'HANDLED' : 'RECIPIENTS_NOT_FOUND'
  await ports.notifications.recordEvent(key, {
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
  const rendered = new Map<string, Content>()
  const tenantLocale = localeOf(tenant)
  return ({ channel, locale, timeZone, template, customData }) => {
    const key = JSON.stringify([channel, locale, timeZone, template, customData])
    const options = { tenant, channel, locale, timeZone, tenantLocale, template, customData }
    const content = rendered.get(key) ?? render(kind, data, options)
    rendered.set(key, content)
    return content
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
    case 'later': {
      // Normalized, since DynamoDB compares times as text.
      const heldUntil = new Date(timing.notBefore).toISOString()
      return { state: 'WAIT_FOR_DISPATCH', heldUntil, digest: timing.digest }
    }
  }
}

/** Stores the notifications, then queues those that wait and are not held. */
async function dispatch(plans: readonly Plan[], ports: NotifyPorts): Promise<void> {
  const records = await Promise.all(plans.map((plan) => store(plan, ports)))
  // A notification stored by an earlier try may never have been queued. Queueing it twice does no harm:
  // the sender drops what is sent. Its record decides, since this try's plan may differ.
  const ready = plans.filter((_, index) => {
    const { state, heldUntil, digestId } = records[index] ?? {}
    return state === 'WAIT_FOR_DISPATCH' && heldUntil === undefined && digestId === undefined
  })
  for (const channel of channelNames) {
    const messages = ready
      .filter(({ notification }) => notification.channel === channel)
      .map(({ notification: { tenant }, queued }) => {
        return { body: encodeQueued(queued()), group: tenant }
      })
    if (messages.length > 0) await ports.enqueue(channel, messages)
  }
}

/** Keeps a notification that is not queued now before storing it, so that every record can be sent. */
async function store(plan: Plan, ports: NotifyPorts): Promise<NotificationRecord> {
  const { notification, initial, queued } = plan
  if (initial.state === 'BLOCKED' || initial.heldUntil !== undefined) {
    await ports.kept.keep(queued())
  }
  return ports.notifications.add(notification, initial)
}
