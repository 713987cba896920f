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
  /** @type {Step[]} */
  const steps = [
    ...passed.map(({ at, type, result }) => ({
      at,
      said: result ? fill(text.result, { ...result, type }) : text.onBus,
    })),
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
