import type { EventKey } from '../events/bus-event.ts'
import type { DeliveryRecord } from '../notifications/store.ts'

/** What is recorded of one event and its notifications. Times are ISO 8601. Has no address and no text. */
export interface EventStory extends EventKey {
  readonly handled?: {
    readonly state: string
    readonly recipients: number
    readonly notifications: number
    /** Fields that name further recipients, who can't be read. */
    readonly unread?: readonly string[] | undefined
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
  readonly digestId?: string | undefined
  /** How often it was sent again by hand. */
  readonly resend?: number | undefined
  readonly attempts: number
  /** The oldest first. */
  readonly deliveries: readonly DeliveryRecord[]
}
