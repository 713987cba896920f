import type { EventKey } from '../events/bus-event.ts'
import type { EventNotes } from '../notifications/event-notes.ts'
import type { DeliveryRecord } from '../notifications/store.ts'

/** What is recorded of one event and its notifications. Times are ISO 8601. Has no address and no message. */
export interface EventStory extends EventKey {
  readonly handled?: EventNotes & {
    readonly state: string
    readonly recipients: number
    readonly notifications: number
    readonly handledAt: string
  }
  /** The last failure of the event's handler. */
  readonly failure?: {
    readonly code: string
    readonly reason: string
    readonly tries: number
    readonly at: string
  }
  readonly notifications: readonly NotificationStory[]
}

export interface NotificationStory {
  readonly notificationId: string
  readonly username: string
  readonly channel: string
  readonly state: string
  readonly reason?: string | undefined
  readonly createdAt: string
  readonly heldUntil?: string | undefined
  /** When its hold ended. */
  readonly releasedAt?: string | undefined
  readonly digestId?: string | undefined
  /** How often it was sent again by hand. */
  readonly resend?: number | undefined
  readonly attempts: number
  /** The oldest first. */
  readonly deliveries: readonly DeliveryRecord[]
}
