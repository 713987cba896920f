import { html, Waiting } from './dom.js'
import { searchAddress } from './live.js'
import { useAsked } from './server.js'

/** @typedef {import('./server.js').PassingEvent} PassingEvent */
/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/aws/event-story.ts').EventStory} EventStory */
/** @typedef {import('../server/letters.ts').ListedLetter} ListedLetter */
/** @typedef {{ stories: readonly EventStory[], letters: readonly ListedLetter[] }} Found */
/** @typedef {{ at: string, said: string, level?: string, body?: string }} Step */

/**
 * An event's whole way, by its id.
 *
 * @param {{ cell: string, id: string, passed: readonly PassingEvent[], words: Words }} props
 */
export function SearchView({ cell, id, passed, words }) {
  const { text, time } = words
  const query = new URLSearchParams({ id })
  /** @type {[import('./server.js').Asked<Pick<Found, 'stories'>>, () => void]} */
  const [story, storyAgain] = useAsked(id === '' ? undefined : `/api/${cell}/story?${query}`)
  // To look into the queues takes longer: the table's answer need not wait for it.
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
    <${Waiting} asked=${story.state === 'failed' ? story : rest} busy=${text.loading} />
    ${isOver && steps.length === 0 && html`<p role="status">${text.notFound}</p>`}
    ${
      steps.length > 0 &&
      html`<h2>${text.way}</h2>
        <p class="dim">${[...new Set(aboutOf(found))].join(', ')}</p>
        <ol class="story">
          ${steps.map(
            (step) => html`<li class=${step.level ?? ''}>
              <time datetime=${step.at}>${time(step.at)}</time>
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
 * @returns {Step[]} in the order of time
 */
function stepsOf({ stories, letters }, passed, { text, fill, state }) {
  /** @type {Step[]} */
  const steps = [
    ...passed.map(({ at, type, result }) => ({
      at,
      said: result ? fill(text.result, { ...result, type }) : text.onBus,
    })),
    ...letters.map(({ sentAt, queue, reason, body }) => ({
      at: sentAt,
      said: fill(text.rests, { queue, reason: reason ?? text.noReason }),
      level: 'red',
      body,
    })),
  ]
  for (const { handled, failure, notifications } of stories) {
    if (handled) {
      const said = fill(text.handled, { ...handled, state: state(handled.state) })
      steps.push({ at: handled.handledAt, said })
    }
    if (failure) {
      steps.push({
        at: failure.at,
        said: fill(text.failed, failure),
        level: handled ? 'warn' : 'red',
      })
    }
    for (const one of notifications) {
      steps.push({ at: one.createdAt, said: fill(text.created, one) })
      for (const { at, outcome, reason } of one.deliveries) {
        const said = fill(text.delivery, {
          ...one,
          outcome: [outcome, reason].filter(Boolean).join(': '),
        })
        steps.push({ at, said, level: outcome === 'sent' ? 'well' : 'warn' })
      }
      const why = one.reason ? ` (${one.reason})` : ''
      const at = one.deliveries.at(-1)?.at ?? one.createdAt
      const said = fill(text.isNow, { ...one, state: state(one.state) + why })
      steps.push({ at, said, level: one.state === 'ERROR' ? 'red' : '' })
    }
  }
  return steps.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
}
