import type { ChannelName } from '../../../lib/channels/channel.ts'
import type { EventKey } from '../../../lib/events/bus-event.ts'
import type { SubjectStore } from '../../../lib/notifications/cancel.ts'
import type { KeptNotifications } from '../../../lib/notifications/kept.ts'
import {
  type Notification,
  parseQueued,
  type QueuedNotification,
} from '../../../lib/notifications/notification.ts'
import type { NotifyPorts } from '../../../lib/notifications/notify.ts'
import {
  type DueKind,
  type DueNotifications,
  type EventRecord,
  type HandlingFailure,
  type InitialState,
  isResult,
  type NotificationKey,
  type NotificationRecord,
  type NotificationStore,
  type StateChange,
} from '../../../lib/notifications/store.ts'
import type {
  Subscriber,
  Subscription,
} from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'

/** By the built-in templates. */
export const builtInRender = createRender(readBuiltIn())

/** A notification as it waits in its channel's queue. */
export const queued = {
  notificationId: 'a'.repeat(64),
  tenant: 'acme',
  eventType: 'task.assign',
  eventId: 'e1',
  channel: 'email',
  address: 'ivanov@acme.example',
  title: 't',
  text: 'x',
  html: 'h',
  locale: 'ru',
  customData: {},
  queuedAt: '2026-11-25T10:00:00.000Z',
  resend: 0,
} as const

/** A record, to be changed behind the store's back. */
export type Stored = { -readonly [Name in keyof NotificationRecord]: NotificationRecord[Name] }

/** The store's contract, as the table keeps it. */
export class MemoryStore
  implements NotificationStore, SubjectStore, KeptNotifications, DueNotifications
{
  readonly events = new Map<string, EventRecord>()
  readonly failures = new Map<string, HandlingFailure>()
  readonly notifications = new Map<string, Stored>()
  readonly unannounced = new Set<string>()
  readonly closed = new Set<string>()
  readonly kept = new Map<string, QueuedNotification>()

  async recordEvent(event: EventKey, record: EventRecord) {
    this.events.set(keyOf(event), record)
  }
  async recordFailure(event: EventKey, failure: HandlingFailure) {
    this.failures.set(keyOf(event), failure)
  }
  async add(notification: Notification, initial: InitialState): Promise<NotificationRecord> {
    const known = this.notifications.get(notification.notificationId)
    const record = known ?? { ...notification, ...initial, deliveries: [], attempts: 0, resend: 0 }
    this.notifications.set(notification.notificationId, record)
    if (!known && isResult(record.state)) this.unannounced.add(notification.notificationId)
    return { ...record }
  }
  async find({ notificationId }: NotificationKey): Promise<NotificationRecord | undefined> {
    const stored = this.notifications.get(notificationId)
    return stored && { ...stored }
  }
  async change({ notificationId }: NotificationKey, change: StateChange) {
    const { state, reason, delivery, lastTryAt, goesOn } = change
    const stored = this.notifications.get(notificationId)
    if (!stored) return
    if (delivery) {
      stored.deliveries = [...stored.deliveries, delivery]
      stored.attempts += 1
    }
    if (stored.state === 'SENT' || (stored.state === 'CANCELLED' && state !== 'SENT')) return
    stored.state = state
    delete stored.reason
    if (reason !== undefined) stored.reason = reason
    if (lastTryAt !== undefined) stored.lastTryAt = lastTryAt
    if (isResult(state) && !goesOn) this.unannounced.add(notificationId)
  }
  async release({ notificationId }: NotificationKey, digestId?: string) {
    const stored = this.notifications.get(notificationId)
    if (!stored) return
    delete stored.heldUntil
    if (digestId !== undefined) stored.digestId = digestId
  }
  async announced({ notificationId }: NotificationKey) {
    this.unannounced.delete(notificationId)
  }
  async reopen({ notificationId }: NotificationKey) {
    const stored = this.notifications.get(notificationId)
    if (!stored) return undefined
    stored.state = 'WAIT_FOR_DISPATCH'
    stored.resend += 1
    return stored.resend
  }
  async *due(kind: DueKind, now: Date) {
    const isDue = ({ notificationId, heldUntil = '9' }: Stored) =>
      kind === 'held' ? heldUntil <= now.toISOString() : this.unannounced.has(notificationId)
    yield this.all.filter(isDue)
  }
  async close({ tenant }: EventKey, subject: string) {
    this.closed.add(JSON.stringify([tenant, subject]))
  }
  async isClosed(tenant: string, subject: string) {
    return this.closed.has(JSON.stringify([tenant, subject]))
  }
  async notificationsOf(tenant: string, subject: string) {
    return this.all.filter((one) => one.tenant === tenant && one.subject === subject)
  }
  async keep(queued: QueuedNotification) {
    this.kept.set(queued.notificationId, queued)
  }
  async load({ notificationId }: NotificationKey): Promise<QueuedNotification> {
    const queued = this.kept.get(notificationId)
    if (!queued) throw new Error('was not kept')
    return queued
  }
  get all(): Stored[] {
    return [...this.notifications.values()]
  }
}

function keyOf({ tenant, eventType, eventId }: EventKey): string {
  return `${tenant}#${eventType}#${eventId}`
}

/** Everything that notify needs, with what came out of it to be looked at. */
export function memoryPorts(
  subscriptions: readonly (Subscription & Pick<Subscriber, 'preferences'>)[],
) {
  const store = new MemoryStore()
  const queued: { channel: ChannelName; group: string; notification: QueuedNotification }[] = []
  const lost: [string, string][] = []
  const ports: NotifyPorts = {
    payloads: { load: async () => '' },
    subscriptions: {
      find: async (tenant, usernames, eventType) =>
        subscriptions.filter(
          (one) =>
            one.tenant === tenant &&
            usernames.includes(one.username) &&
            one.eventType === eventType,
        ),
      subscribersOf: async (tenant, eventType) =>
        subscriptions.filter((one) => one.tenant === tenant && one.eventType === eventType),
    },
    notifications: store,
    subjects: store,
    kept: store,
    enqueue: async (channel, messages) => {
      for (const { body, group } of messages) {
        queued.push({ channel, group, notification: parseQueued(body) })
      }
    },
    onLost: ({ username }, reason) => void lost.push([username, reason]),
    localeOf: () => undefined,
    render: builtInRender,
    now: () => new Date('2026-11-25T10:00:00Z'),
  }
  return { store, queued, lost, ports }
}
