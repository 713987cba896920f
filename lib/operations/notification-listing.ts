import type { EventAbout } from '../notifications/event-notes.ts'
import type { NotificationState, Reminded } from '../notifications/notification.ts'

/** A notification, or an event without recipients, as it is listed. Has no address and no message. */
export interface ListedNotification {
  /** ISO 8601. */
  readonly createdAt: string
  /** With `about`. */
  readonly tenant?: string
  readonly state: string
  readonly eventType: string
  readonly eventId: string
  readonly notificationId?: string
  readonly username?: string
  readonly channel?: string
  readonly reason?: string
  /** ISO 8601, in UTC: when it is queued at the earliest. */
  readonly heldUntil?: string
  readonly reminder?: Reminded
  /** Deliveries so far. */
  readonly attempts?: number
  /** ISO 8601: when the last delivery ended; with `about`, if one is on record. */
  readonly lastTryAt?: string
  /** ISO 8601: when the next delivery is due, as the last one has left it; with `about`, if that is on record. */
  readonly nextTryAt?: string | undefined
  /** ISO 8601: when the first failed try ended since which it waits for another; if its deliveries were read. */
  readonly triedSince?: string | undefined
  /** The task that it is about. */
  readonly subject?: string
  /** Of its event, if that is asked for and the event was handled. */
  readonly about?: EventAbout
}

/** Which notifications are listed: every field that is given has to match. */
export interface NotificationFilter {
  readonly state?: NotificationState | undefined
  /** In lower case. */
  readonly username?: string | undefined
  readonly eventType?: string | undefined
  readonly channel?: string | undefined
  /** Created then or later (ISO 8601, in UTC). */
  readonly from?: string | undefined
  /**
   * Texts that all occur in what is listed: its titles, ids, the person's name or the tenant's; in any case of
   * letters.
   */
  readonly words?: readonly string[] | undefined
  /** With the state WAIT_FOR_DISPATCH: those that wait after a failed try. They have an index. */
  readonly isRetried?: true | undefined
}

/** One page of a list, the latest first. */
export interface NotificationPage {
  readonly notifications: readonly ListedNotification[]
  /**
   * Where the next page starts: a time, and a mark. Missing if there are no more. A page that is not full
   * ends there because it has read enough.
   */
  readonly before?: string
  /** There are more, which no further page has: a crowd was told of one event. */
  readonly isCut?: boolean
  /** Words that nothing has which was read and matches otherwise; if nothing was found. */
  readonly unseen?: readonly string[]
}

/** A tenant's notifications that wait after a failed try, the oldest first. */
export interface RetriedOfTenant {
  readonly tenant: string
  readonly notifications: readonly ListedNotification[]
  /** There are more. */
  readonly isCut: boolean
}

/** One page of a list over all tenants. */
export interface TenantsPage extends NotificationPage {
  /** Tenants of which the page has not seen the whole range: each with the place where a list of its own goes on. */
  readonly unfinished: readonly { readonly tenant: string; readonly before: string }[]
  /** Tenants that were not asked, for there are too many. */
  readonly notAsked: number
}

/** Whether the notification has what the filter asks for. */
export function matches(one: ListedNotification, filter: NotificationFilter): boolean {
  const { state, username, eventType, channel, from, isRetried, words = [] } = filter
  return (
    (state === undefined || one.state === state) &&
    (username === undefined || one.username === username) &&
    (eventType === undefined || one.eventType === eventType) &&
    (channel === undefined || one.channel === channel) &&
    (from === undefined || one.createdAt >= from) &&
    (isRetried === undefined || (one.attempts ?? 0) > 0) &&
    (words.length === 0 || hasWords(one, words))
  )
}

function hasWords(one: ListedNotification, words: readonly string[]): boolean {
  const text = textOf(one)
  return words.every((word) => text.includes(word.toLowerCase()))
}

/** Those of the words that the notification has not, or all if it does not match otherwise. */
export function wordsLeft(
  words: readonly string[],
  one: ListedNotification,
  filter: NotificationFilter,
): readonly string[] {
  if (words.length === 0 || !matches(one, { ...filter, words: [] })) return words
  const text = textOf(one)
  return words.filter((word) => !text.includes(word.toLowerCase()))
}

/** In lower case. */
function textOf(one: ListedNotification): string {
  const { about = {}, tenant, username, eventId, notificationId, subject } = one
  const texts = [...Object.values(about), tenant, username, eventId, notificationId, subject]
  return texts.join('\n').toLowerCase()
}
