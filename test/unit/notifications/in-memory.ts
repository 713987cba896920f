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
  Claim,
  DeliveryRecord,
  EventRecord,
  NotificationStore,
} from '../../../lib/notifications/store.ts'
import type { Subscription } from '../../../lib/notifications/subscriptions.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'

/** By the built-in templates. */
export const builtInRender = createRender(readBuiltIn())

export interface Stored {
  notification: Notification
  state: NotificationState
  deliveries: DeliveryRecord[]
  claimed?: boolean
}

/** The store's contract, as the table keeps it. */
export class MemoryStore implements NotificationStore {
  readonly events = new Map<string, EventRecord>()
  readonly notifications = new Map<string, Stored>()

  async isHandled(event: EventKey) {
    return this.events.has(keyOf(event))
  }
  async markHandled(event: EventKey, record: EventRecord) {
    this.events.set(keyOf(event), record)
  }
  async add(notification: Notification): Promise<NotificationState> {
    const known = this.notifications.get(notification.notificationId)
    if (known) return known.state
    const state = 'WAIT_FOR_DISPATCH'
    this.notifications.set(notification.notificationId, { notification, state, deliveries: [] })
    return state
  }
  async claim({ notificationId }: { notificationId: string }): Promise<Claim> {
    const stored = this.notifications.get(notificationId)
    if (!stored) return 'unknown'
    if (stored.state === 'SENT') return 'sent'
    if (stored.claimed) return 'taken'
    stored.claimed = true
    return 'claimed'
  }
  async recordDelivery({ notificationId }: { notificationId: string }, delivery: DeliveryRecord) {
    const stored = this.notifications.get(notificationId)
    if (!stored || stored.state === 'SENT') return
    stored.deliveries.push(delivery)
    stored.state = delivery.state
    stored.claimed = false
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
  }
  return { store, queued, ports }
}
