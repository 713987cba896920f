/** @typedef {import('../../lib/operations/event-story.ts').EventStory} EventStory */
/** @typedef {import('../../lib/operations/event-story.ts').NotificationStory} NotificationStory */

/**
 * A part of the way of an event: where it was, or what was done.
 *
 * @typedef {'bridge' | 'handlerQueue' | 'handler' | 'held' | 'queue' | 'sender' | 'retry' | 'open'} Kind
 * @typedef {{ kind: Kind, from: number, to: number, reason?: string | undefined }} Part times in epoch milliseconds
 * @typedef {{ parts: readonly Part[], one?: NotificationStory }} Row the way of the event, or of one notification
 * @typedef {{ from: number, to: number, rows: readonly Row[], slowest?: { part: Part, one?: NotificationStory | undefined } }} Way
 */

/**
 * The way of an event as rows of parts with their times, from what is on record. Parts of which one end is not
 * on record are left out.
 *
 * @param {EventStory} story
 * @param {number} now epoch milliseconds
 * @returns {Way}
 */
export function wayOf({ handled, notifications }, now) {
  const { happenedAt, queuedAt, startedAt, handledAt } = handled ?? {}
  const event = [
    ...part('bridge', happenedAt, queuedAt),
    ...part('handlerQueue', queuedAt, startedAt),
    ...part('handler', startedAt, handledAt),
  ]
  /** @type {readonly Row[]} */
  const rows = [
    ...event.map((one) => ({ parts: [one] })),
    ...notifications.map((one) => ({ one, parts: partsOf(one, now) })),
  ]
  const all = rows.flatMap(({ parts }) => parts)
  const from = all.reduce((first, one) => Math.min(first, one.from), Number.POSITIVE_INFINITY)
  const to = all.reduce((last, one) => Math.max(last, one.to), Number.NEGATIVE_INFINITY)
  const slowest = rows
    .flatMap(({ parts, one }) => parts.map((part) => ({ part, one })))
    // A hold is somebody's wish.
    .filter(({ part }) => part.kind !== 'held')
    .reduce((/** @type {Way['slowest']} */ last, next) => {
      return last && lasting(last.part) >= lasting(next.part) ? last : next
    }, undefined)
  return { from, to, rows, ...(slowest && { slowest }) }
}

/** @param {Pick<Part, 'from' | 'to'>} part milliseconds */
export function lasting({ from, to }) {
  return to - from
}

/**
 * @param {NotificationStory} one
 * @param {number} now
 * @returns {Part[]}
 */
function partsOf({ createdAt, heldUntil, releasedAt, deliveries, state, reason }, now) {
  /** @type {Part[]} */
  const parts = []
  const isWaiting = state === 'WAIT_FOR_DISPATCH'
  let from = Date.parse(createdAt)
  const hold = heldUntil ?? releasedAt
  if (hold !== undefined) {
    // It is queued first, and its release recorded then.
    const until = Math.min(Date.parse(hold), beginOf(deliveries[0]) ?? now)
    parts.push(...between('held', from, until))
    from = Math.max(from, until)
  }
  deliveries.forEach((delivery, index) => {
    const end = Date.parse(delivery.at)
    const begin = Math.max(from, beginOf(delivery) ?? end)
    const before = deliveries[index - 1]
    const kind = before === undefined ? 'queue' : 'retry'
    parts.push(...between(kind, from, begin, before?.reason), ...between('sender', begin, end))
    from = Math.max(from, end)
  })
  if (isWaiting && heldUntil === undefined) parts.push(...between('open', from, now, reason))
  return parts
}

/** @param {NotificationStory['deliveries'][number] | undefined} delivery */
function beginOf(delivery) {
  return delivery && Date.parse(delivery.at) - (delivery.tookMs ?? 0)
}

/**
 * @param {Kind} kind
 * @param {string | undefined} from ISO 8601
 * @param {string | undefined} to
 * @returns {Part[]}
 */
function part(kind, from, to) {
  return from === undefined || to === undefined
    ? []
    : between(kind, Date.parse(from), Date.parse(to))
}

/**
 * None where the clocks of two machines disagree.
 *
 * @param {Kind} kind
 * @param {number} from
 * @param {number} to
 * @param {string} [reason] what it waited for
 * @returns {Part[]}
 */
function between(kind, from, to, reason) {
  return to >= from ? [{ kind, from, to, ...(reason && { reason }) }] : []
}
