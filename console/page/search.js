import { html, Time, Waiting } from './dom.js'
import { readable } from './letters.js'
import { searchAddress } from './live.js'
import { useAsked } from './server.js'

/** @typedef {import('./server.js').PassingEvent} PassingEvent */
/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/operations/event-story.ts').EventStory} EventStory */
/** @typedef {import('../server/letters.ts').ListedLetter} ListedLetter */
/** @typedef {{ stories: readonly EventStory[], letters: readonly ListedLetter[] }} Found */
/** @typedef {{ at: string, said: string, level?: string, body?: string }} Step */

/**
 * The way of an event, by its id.
 *
 * @param {{ cell: string, id: string, passed: readonly PassingEvent[], words: Words }} props
 */
export function SearchView({ cell, id, passed, words }) {
  const { text } = words
  const query = new URLSearchParams({ id })
  /** @type {[import('./server.js').Asked<Pick<Found, 'stories'>>, () => void]} */
  const [story, storyAgain] = useAsked(id === '' ? undefined : `/api/${cell}/story?${query}`)
  // Reading queues is slower than the table, so the two are asked apart.
  /** @type {[import('./server.js').Asked<Pick<Found, 'letters'>>, () => void]} */
  const [rest, restAgain] = useAsked(id === '' ? undefined : `/api/${cell}/letters?${query}`)
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const wanted = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('id')
    location.hash = searchAddress(String(wanted).trim())
    if (String(wanted).trim() !== id) return
    storyAgain()
    restAgain()
  }
  /** @type {Found} */
  const found = {
    stories: story.state === 'here' ? story.value.stories : [],
    letters: rest.state === 'here' ? rest.value.letters : [],
  }
  const steps = id === '' ? [] : stepsOf(found, passed.filter(isOf(id)), words)
  const isOver = id !== '' && !story.busy && !rest.busy
  return html`<form role="search" onSubmit=${submit}>
      <label for="event-id">${text.id}</label>
      <input id="event-id" name="id" type="search" required maxlength="300" value=${id} />
      <button type="submit">${text.find}</button>
    </form>
    ${id === '' && html`<p class="empty">${text.searchFor}</p>`}
    <${Waiting} asked=${story.state === 'failed' ? story : rest} words=${words} />
    ${isOver && steps.length === 0 && html`<p class="empty" role="status">${text.notFound}</p>`}
    ${
      steps.length > 0 &&
      html`<h2>${text.way}</h2>
        <p class="dim">${[...new Set(aboutOf(found))].join(', ')}</p>
        <ol class="story">
          ${steps.map(
            (step) => html`<li class=${step.level ?? ''}>
              <${Time} at=${step.at} words=${words} />
              <span>${step.said}</span>
              ${step.body !== undefined && html`<pre tabindex="0">${step.body}</pre>`}
            </li>`,
          )}
        </ol>`
    }`
}

/** @param {string} id */
function isOf(id) {
  return (/** @type {PassingEvent} */ event) => (event.result?.eventId ?? event.id) === id
}

/** @param {Found} found */
function aboutOf({ stories, letters }) {
  return [
    ...stories.map(({ tenant, eventType }) => `${tenant} ${eventType}`),
    ...letters.map(({ tenant, type }) => `${tenant} ${type}`),
  ]
}

/**
 * @param {Found} found
 * @param {readonly PassingEvent[]} passed
 * @param {Words} words
 * @returns {Step[]} in chronological order
 */
function stepsOf({ stories, letters }, passed, words) {
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
function notificationSteps(one, { text, fill, state, outcome, time }) {
  const deliveries = one.deliveries.map(({ at, outcome: end, reason }) => {
    const said = fill(text.delivery, { ...one, outcome: outcome(end) })
    const level = end === 'sent' ? 'well' : 'warn'
    return { at, said: [said, reason].filter(Boolean).join(': '), level }
  })
  const notes = [
    one.reason,
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
