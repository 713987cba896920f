import { type ChannelName, channelNames } from '../channels/channel.ts'
import { chunks } from '../chunks.ts'
import { EcosError } from '../errors.ts'
import { type BusEvent, type EventKey, readData } from '../events/bus-event.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import type { NotificationKind } from './kind.ts'
import { encodeQueued, type Notification, notificationId } from './notification.ts'
import { type PlannedNotification, planNotifications } from './plan.ts'
import type { NotificationStore } from './store.ts'
import { type SubscriptionStore, subscribedType } from './subscriptions.ts'
import type { Content, Render } from './templates/render.ts'

export interface QueueMessage {
  readonly body: string
  /** MessageGroupId: a queue is fair between its groups. */
  readonly group: string
  /** For which the queue hides it at first; up to 900, none by default. */
  readonly delaySeconds?: number
}

export interface NotifyPorts {
  readonly payloads: Pick<PayloadStore, 'load'>
  readonly subscriptions: SubscriptionStore
  readonly notifications: Pick<NotificationStore, 'recordEvent' | 'add'>
  /** Resolves when every message is in the channel's queue. */
  enqueue(channel: ChannelName, messages: readonly QueueMessage[]): Promise<void>
  /** The tenant's language; undefined for a tenant that is not known. */
  localeOf(tenant: string): string | undefined
  readonly render: Render
  now(): Date
}

export type NotifyOutcome = 'handled' | 'recipients-not-found'

/** How many notifications are stored and queued at a time: a bound for memory and connections. */
const atOnce = 50

/** A notification, and what it says once it is known to be needed. */
interface Plan {
  readonly notification: Notification
  content(): Content
}

/**
 * Makes an event's notifications and queues each for its channel. May be repeated at any point: a
 * notification is stored before it is queued, and the event's own record is written last. The caller
 * drops an event that was handled before.
 */
export async function notify<Data extends object>(
  kind: NotificationKind<Data>,
  event: BusEvent,
  ports: NotifyPorts,
): Promise<NotifyOutcome> {
  const { tenant, eventType, eventId } = event
  if (eventType !== kind.type) {
    throw new EcosError('unexpected-event-type', `${eventType} came to the handler of ${kind.type}`)
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
  const planned = planNotifications({ eventType: kind.type, data }, subscribers, new Date())
  const plans = planned.map((one) => identify(key, one, contentOf))
  for (const some of chunks(plans, atOnce)) await dispatch(some, ports)

  const { length } = recipients === 'subscribers' ? subscribers : recipients
  const state = length > 0 ? 'HANDLED' : 'RECIPIENTS_NOT_FOUND'
  await ports.notifications.recordEvent(key, {
    state,
    recipients: length,
    notifications: plans.length,
  })
  return state === 'HANDLED' ? 'handled' : 'recipients-not-found'
}

/** Renders once what several are told in the same words. */
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

function identify(
  event: EventKey,
  planned: PlannedNotification,
  contentOf: (planned: PlannedNotification) => Content,
): Plan {
  const { username, channel, address } = planned
  const parts = { ...event, username, channel, address }
  const notification = { ...parts, notificationId: notificationId(parts) }
  return { notification, content: () => contentOf(planned) }
}

/** Stores the notifications, then queues those that wait. */
async function dispatch(plans: readonly Plan[], ports: NotifyPorts): Promise<void> {
  const states = await Promise.all(
    plans.map(({ notification }) => ports.notifications.add(notification)),
  )
  // One that waited already may never have been queued. Once too often does no harm: the sender
  // drops what is sent.
  const waiting = plans.filter((_, index) => states[index] === 'WAIT_FOR_DISPATCH')
  for (const channel of channelNames) {
    const messages = waiting
      .filter(({ notification }) => notification.channel === channel)
      .map((plan) => queueMessage(plan, ports.now()))
    if (messages.length > 0) await ports.enqueue(channel, messages)
  }
}

function queueMessage({ notification, content }: Plan, at: Date): QueueMessage {
  const { username: _, ...rest } = notification
  const queuedAt = at.toISOString()
  return {
    body: encodeQueued({ ...rest, ...content(), customData: {}, queuedAt }),
    group: notification.tenant,
  }
}
