import type { ChannelName } from '../../../lib/channels/channel.ts'
import type { EventKey } from '../../../lib/events/bus-event.ts'
import {
  type Notification,
  type NotificationState,
  parseQueued,
  type QueuedNotification,
} from '../../../lib/notifications/notification.ts'
import type { NotifyPorts } from '../../../lib/notifications/notify.ts'
import type {
  EventRecord,
  HandlingFailure,
  NotificationKey,
  NotificationRecord,
  NotificationStore,
  StateChange,
} from '../../../lib/notifications/store.ts'
import type { Subscription } from '../../../lib/notifications/subscriptions.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'

/** By the built-in templates. */
export const builtInRender = createRender(readBuiltIn())

/** A record, to be changed behind the store's back. */
export type Stored = { -readonly [Name in keyof NotificationRecord]: NotificationRecord[Name] }

/** The store's contract, as the table keeps it. */
export class MemoryStore implements NotificationStore {
  readonly events = new Map<string, EventRecord>()
  readonly failures = new Map<string, HandlingFailure>()
  readonly notifications = new Map<string, Stored>()

  async recordEvent(event: EventKey, record: EventRecord) {
    this.events.set(keyOf(event), record)
  }
  async recordFailure(event: EventKey, failure: HandlingFailure) {
    this.failures.set(keyOf(event), failure)
  }
  async add(notification: Notification): Promise<NotificationState> {
    const known = this.notifications.get(notification.notificationId)
    if (known) return known.state
    const state = 'WAIT_FOR_DISPATCH'
    const record = { ...notification, state, deliveries: [], attempts: 0 } as const
    this.notifications.set(notification.notificationId, record)
    return state
  }
  async find({ notificationId }: NotificationKey): Promise<NotificationRecord | undefined> {
    const stored = this.notifications.get(notificationId)
    return stored && { ...stored }
  }
  async change({ notificationId }: NotificationKey, { state, reason, delivery }: StateChange) {
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
  }
  get all(): Stored[] {
    return [...this.notifications.values()]
  }
}

function keyOf({ tenant, eventType, eventId }: EventKey): string {
  return `${tenant}#${eventType}#${eventId}`
}

/** Everything that notify needs, with what came out of it to be looked at. */
export function memoryPorts(subscriptions: readonly Subscription[]) {
  const store = new MemoryStore()
  const queued: { channel: ChannelName; group: string; notification: QueuedNotification }[] = []
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
    enqueue: async (channel, messages) => {
      for (const { body, group } of messages) {
        queued.push({ channel, group, notification: parseQueued(body) })
      }
    },
    localeOf: () => undefined,
    render: builtInRender,
    now: () => new Date('2026-11-25T10:00:00Z'),
  }
  return { store, queued, ports }
}
