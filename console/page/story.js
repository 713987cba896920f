import { readable } from './readable.js'
import { saidReason } from './reason.js'

/** @typedef {import('./server.js').PassingEvent} PassingEvent */
/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/operations/event-story.ts').EventStory} EventStory */
/** @typedef {import('../server/letters.ts').ListedLetter} ListedLetter */
/** @typedef {{ stories: readonly EventStory[], letters: readonly ListedLetter[] }} Found */
/** @typedef {{ at: string, said: string, level?: string, body?: string }} Step */

/**
 * @param {Found} found
 * @param {readonly PassingEvent[]} passed
 * @param {Words} words
 * @returns {Step[]} in chronological order
 */
export function stepsOf({ stories, letters }, passed, words) {
  const { text, fill } = words
  const happenedAt = happenedIn({ stories, letters })
  const followed = stories.flatMap(followedOf)
  /** @type {Step[]} */
  const steps = [
    ...(happenedAt === undefined ? [] : [{ at: happenedAt, said: text.happened }]),
    ...passed.map(({ at, type, result }) =>
      result
        ? { at, said: fill(text.result, { ...result, type }) }
        : // The console looks every few seconds: it may see what came of an event before the event.
          { at: earliest([at, ...followed]), said: text.onBus },
    ),
    ...letters.map((letter) => ({
      at: letter.sentAt,
      said: fill(text.rests, { queue: letter.queue, reason: letter.reason ?? text.noReason }),
      level: 'red',
      body: readable(letter),
    })),
  ]
  for (const { handled, failure, notifications } of stories) {
    if (handled) {
      const said = fill(text.handled, { ...handled, state: words.state(handled.state) })
      steps.push({ at: handled.handledAt, said })
    }
    if (failure) {
      const level = handled ? 'warn' : 'red'
      steps.push({ at: failure.at, said: fill(text.failed, failure), level })
    }
    steps.push(...notifications.flatMap((one) => notificationSteps(one, words)))
  }
  return steps.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
}

/**
 * The dead letters of an event: those that were found now and, as far as not all were read, those that were there
 * when the list of dead letters was read.
 *
 * @param {{ letters: readonly ListedLetter[], more: boolean } | undefined} now
 * @param {readonly ListedLetter[]} before
 * @returns {readonly ListedLetter[]}
 */
export function lettersOf(now, before) {
  if (now === undefined) return before
  if (!now.more) return now.letters
  const found = new Set(now.letters.map(keyOf))
  return [...now.letters, ...before.filter((letter) => !found.has(keyOf(letter)))]
}

/**
 * From when the letters of the list are, as far as they stand for what was not read now.
 *
 * @param {{ more: boolean } | undefined} now
 * @param {import('../server/shelf-routes.ts').AboutView | undefined} list
 * @param {Words} words
 */
export function saidOfList(now, list, { text, fill, time }) {
  if (list?.at === undefined || (now && !now.more)) return undefined
  return fill(text.listedAt, { time: time(list.at), count: list.letters.length })
}

const keyOf = (/** @type {ListedLetter} */ { queue, messageId }) => `${queue} ${messageId}`

/**
 * The day of all steps, if they are of one.
 *
 * @param {readonly Pick<Step, 'at'>[]} steps
 * @param {Words} words
 */
export function dayOf(steps, { day }) {
  const days = new Set(steps.map(({ at }) => day(at)))
  const [first] = days
  return days.size === 1 ? first : undefined
}

/**
 * The event's own time: of one that no handler has recorded, in its letter.
 *
 * @param {Found} found
 * @returns {string | undefined}
 */
function happenedIn({ stories, letters }) {
  const recorded = stories.flatMap(({ handled }) => handled?.happenedAt ?? [])
  const written = letters.flatMap(({ kind, body }) => (kind === 'event' ? timeIn(body) : []))
  return [...recorded, ...written][0]
}

/** @param {string} body @returns {string[]} */
function timeIn(body) {
  try {
    const time = JSON.parse(body)?.detail?.time
    return typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? [time] : []
  } catch {
    return []
  }
}

/**
 * Times of what an event has passed the bus before.
 *
 * @param {EventStory} story
 * @returns {string[]}
 */
function followedOf({ handled, failure, notifications }) {
  const { queuedAt, startedAt, handledAt } = handled ?? {}
  const created = notifications.map(({ createdAt }) => createdAt)
  return [queuedAt, startedAt, handledAt, failure?.at, ...created].flatMap((at) => at ?? [])
}

/** @param {readonly string[]} times ISO 8601 */
function earliest(times) {
  return times.reduce((first, next) => (Date.parse(next) < Date.parse(first) ? next : first))
}

/**
 * @param {EventStory['notifications'][number]} one
 * @param {Words} words
 * @returns {Step[]}
 */
function notificationSteps(one, words) {
  const { text, fill, state, outcome, time } = words
  const deliveries = one.deliveries.map(({ at, outcome: end, reason }) => {
    const said = fill(text.delivery, { ...one, outcome: outcome(end) })
    const level = end === 'sent' ? 'well' : 'warn'
    return {
      at,
      said: [said, reason && saidReason(reason, words)].filter(Boolean).join(': '),
      level,
    }
  })
  const notes = [
    one.reason && saidReason(one.reason, words),
    one.state === 'WAIT_FOR_DISPATCH' &&
      one.heldUntil &&
      fill(text.heldUntil, { time: time(one.heldUntil) }),
    one.digestId && fill(text.inDigest, { id: one.digestId }),
    one.resend && fill(text.resent, { count: one.resend }),
  ].filter(Boolean)
  const said = fill(text.isNow, { ...one, state: state(one.state) })
  return [
    { at: one.createdAt, said: fill(text.created, { ...one }) },
    ...deliveries,
    {
      at: one.deliveries.at(-1)?.at ?? one.createdAt,
      said: [said, ...notes].join('; '),
      level: one.state === 'ERROR' ? 'red' : '',
    },
  ]
}
