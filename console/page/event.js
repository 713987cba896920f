import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { Copy, html, Id, Time, Waiting } from './dom.js'
import { MessageView } from './message.js'
import { NotificationActions } from './notification-actions.js'
import { titleOf } from './search.js'
import { useAsked } from './server.js'
import { dayOf, lettersOf, saidOfList, stepsOf } from './story.js'
import { Waterfall } from './waterfall.js'
import { wayOf } from './way.js'

/** @typedef {import('./server.js').PassingEvent} PassingEvent */
/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('../../lib/operations/event-story.ts').EventStory} EventStory */
/** @typedef {import('./story.js').Found} Found */

/** Steps that are shown: a crowd has thousands. */
const maxSteps = 300

/**
 * One event: what it is about, its way, and what became of each notification.
 *
 * @param {{ page: Page, place: Place, passed: readonly PassingEvent[], words: Words }} props
 */
export function EventView({ page, place, passed, words }) {
  const { cell } = page
  const { tenant = '' } = place.query
  const { text } = words
  const id = place.rest
  // A list that led here may have been scrolled.
  useLayoutEffect(() => scrollTo(0, 0), [])
  const query = new URLSearchParams({ id, ...(tenant !== '' && { tenant }) })
  const path = id === '' ? undefined : `/api/${cell}/story?${query}`
  /** @type {[import('./server.js').Asked<Pick<Found, 'stories'>>, () => void]} */
  const [story, storyAgain] = useAsked(path)
  // Reading queues is slower than the table, so the two are asked apart.
  /** @type {[import('./server.js').Asked<import('../server/letters.ts').Listing>, () => void]} */
  const [rest, restAgain] = useAsked(path && `/api/${cell}/letters?${query}`)
  /** @type {[import('./server.js').Asked<import('../server/shelf-routes.ts').AboutView>, () => void]} */
  const [known, knownAgain] = useAsked(path && `/api/${cell}/shelf/about?${query}`)
  const again = () => {
    storyAgain()
    restAgain()
    knownAgain()
  }
  const list = known.state === 'here' ? known.value : undefined
  const live = rest.state === 'here' ? rest.value : undefined
  const listed = saidOfList(live, list, words)
  /** @type {Found} */
  const found = {
    stories: story.state === 'here' ? story.value.stories : [],
    letters: lettersOf(live, list?.letters ?? []),
  }
  const steps = stepsOf(found, passed.filter(isOf(id, tenant)), words)
  const isOver = !story.busy && !rest.busy
  const { more = false, problems = [] } = live ?? {}
  const shown = steps.slice(0, maxSteps)
  const day = dayOf(shown, words)
  return html`<${Heading} ...${{ found, id, words, onAgain: again }} />
    <${Waiting} asked=${story} what=${text.event} words=${words} />
    ${found.stories.map((story) => html`<${Story} ...${{ story, page, place, words, onAgain: again }} />`)}
    ${!story.busy && html`<${Waiting} asked=${rest} what=${text.letters} words=${words} />`}
    ${listed && html`<p class="dim">${listed}</p>`}
    ${problems.map((problem) => html`<p class="fault" title=${problem.text}>${words.fill(text.troubles.unknown, { text: words.fault(problem) })}</p>`)}
    ${more && html`<p class="dim">${words.fill(text.moreLetters, { cell, id })}</p>`}
    ${isOver && steps.length === 0 && html`<p class="empty" role="status">${text.notFound}</p>`}
    ${
      steps.length > 0 &&
      html`<h3>${words.inZone([text.steps, day].filter(Boolean).join(', '))}</h3>
        <ol class="story">
          ${shown.map(
            (step) => html`<li class=${step.level ?? ''}>
              <${Time} at=${step.at} as=${day === undefined ? 'dated' : 'clock'} words=${words} />
              <span>${step.said}</span>
              ${step.body !== undefined && html`<pre tabindex="0">${step.body}</pre>`}
            </li>`,
          )}
        </ol>
        ${steps.length > shown.length && html`<p class="dim">${words.fill(text.moreTroubles, { count: steps.length - shown.length })}</p>`}`
    }`
}

/**
 * The way of one event, and the chosen notification.
 *
 * @param {{ story: EventStory, page: Page, place: Place, words: Words, onAgain: () => void }} props
 */
function Story({ story, page, place, words, onAgain }) {
  const { cell, allowRepair } = page
  const { tenant, eventId: id, handled, notifications } = story
  const now = useMemo(() => Date.now(), [story])
  const only = notifications.length === 1 ? notifications[0]?.notificationId : undefined
  const chosen = place.query['notification'] ?? only ?? ''
  const one = notifications.find(({ notificationId }) => notificationId === chosen)
  const way = wayOf(story, now)
  const shown = useRef(/** @type {HTMLDivElement | null} */ (null))
  const asked = place.query['notification']
  const last = useRef(asked)
  useEffect(() => {
    // One that is chosen further down; the page itself opens at its top, with the title and the tenant.
    if (asked && one && asked !== last.current) shown.current?.scrollIntoView()
    last.current = asked
  }, [asked, one !== undefined])
  const { unread = [] } = handled ?? {}
  return html`${unread.length > 0 && html`<p class="fault">${words.fill(words.text.unread, { fields: unread.join(', ') })}</p>`}
    ${
      one &&
      html`<div ref=${shown}>
        <${MessageView} key=${`${chosen} ${now}`} ...${{ cell, tenant, one, words }} />
        ${allowRepair && html`<${NotificationActions} ...${{ page, tenant, one, words, onDone: onAgain }} />`}
      </div>`
    }
    ${way.rows.length > 0 && html`<${Waterfall} ...${{ way, id, tenant, chosen, words }} />`}`
}

/** @param {{ found: Found, id: string, words: Words, onAgain: () => void }} props */
function Heading({ found: { stories, letters }, id, words, onAgain }) {
  const { text } = words
  const [story] = stories
  const title = story ? titleOf({ about: story.handled?.about, eventId: id }) : id
  const kinds = [
    ...stories.map(({ tenant, eventType }) => `${tenant} · ${eventType}`),
    ...letters.map(({ tenant, type }) => `${tenant ?? text.unknown} · ${type ?? text.unknown}`),
  ]
  const { record, taskId } = story?.handled?.about ?? {}
  return html`<div class="heading">
    <div>
      <h2>${title}</h2>
      <p class="facts">
        ${[...new Set(kinds)].map((kind) => html`<span>${kind}</span>`)}
        <span>${text.event} <${Id} id=${id} words=${words} /></span>
        ${record && html`<span>${text.record} <${Id} id=${record} words=${words} /></span>`}
        ${taskId && html`<span>${text.task} <${Id} id=${taskId} words=${words} /></span>`}
      </p>
    </div>
    <div class="bar">
      <${Copy} text=${location.href} label=${text.copyLink} words=${words}>${text.copyLink}<//>
      <button type="button" onClick=${onAgain}>${text.again}</button>
    </div>
  </div>`
}

/**
 * Tenants may have events of the same id.
 *
 * @param {string} id
 * @param {string} tenant empty if it is not known
 */
function isOf(id, tenant) {
  return (/** @type {PassingEvent} */ event) =>
    (event.result?.eventId ?? event.id) === id && (tenant || event.tenant) === event.tenant
}
