import { useMemo, useState } from 'preact/hooks'
import { Choice, Field, html, Id, State, Table, Time, Waiting } from './dom.js'
import { addressOf, eventAddress } from './place.js'
import { rangeOf } from './range.js'
import { keptIn } from './range-choice.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('../../lib/operations/notification-listing.ts').NotificationPage} NotificationPage */
/** @typedef {import('../../lib/operations/notification-listing.ts').ListedNotification} ListedNotification */
/** @typedef {import('../../lib/operations/event-story.ts').EventStory} EventStory */

/**
 * Notifications by what people know of them. The filters are in the address.
 *
 * @param {{ page: Page, place: Place, words: Words }} props
 */
export function SearchView({ page, place, words }) {
  const [turn, setTurn] = useState(0)
  const shared = { page, place, words }
  const wanted = place.query['words'] ?? ''
  return html`<${Filters} ...${shared} onAgain=${() => setTurn(turn + 1)} />
    ${page.tenant !== '' && html`<${List} key=${turn} ...${shared} />`}
    ${page.tenant === '' && wanted === '' && html`<${NoTenant} isAsked=${turn > 0 || isFiltered(place)} words=${words} />`}
    ${page.tenant === '' && wanted !== '' && html`<${Everywhere} key=${turn} ...${{ page, id: wanted, words }} />`}`
}

/** @param {Place} place */
function isFiltered({ query }) {
  return ['words', 'person', 'type', 'state', 'channel'].some((name) => query[name])
}

/**
 * What to do where a search needs a tenant. Somebody who has asked already is told more clearly.
 *
 * @param {{ isAsked: boolean, words: Words }} props
 */
function NoTenant({ isAsked, words: { text } }) {
  const choose = () => {
    const picker = document.getElementById('tenant')
    picker?.focus()
    if (picker instanceof HTMLSelectElement) picker.showPicker?.()
  }
  return html`<div class="empty">
    ${isAsked && html`<p class="fault" role="alert">${text.needsTenant}</p>`}
    <p>${text.searchFor}</p>
    <button type="button" onClick=${choose}>${text.pickTenant}</button>
  </div>`
}

/** @param {{ page: Page, place: Place, words: Words, onAgain: () => void }} props */
function Filters({ page, place: { query }, words, onAgain }) {
  const { text } = words
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    const given = Object.fromEntries([...form].map(([name, value]) => [name, String(value).trim()]))
    const next = addressOf('search', '', { ...keptIn({ ...query, tenant: page.tenant }), ...given })
    if (next === location.hash) onAgain()
    else location.hash = next
  }
  const choose = (/** @type {string} */ _, /** @type {HTMLSelectElement} */ { form }) =>
    form?.requestSubmit()
  /**
   * @param {string} name
   * @param {string} label
   * @param {readonly (readonly [string, string])[]} options
   */
  const choice = (name, label, options) => {
    const value = query[name] ?? ''
    return html`<${Choice} id=${`search-${name}`} ...${{ name, label, options, value }} onChange=${choose} />`
  }
  const named = (/** @type {readonly string[]} */ names) =>
    names.map((name) => /** @type {const} */ ([name, name]))
  return html`<form role="search" class="filters" onSubmit=${submit}>
    <label class="wide" for="search-words">${text.findWhat}
      <${Field} id="search-words" name="words" type="search" maxlength="300" value=${query['words'] ?? ''} /></label>
    <label for="search-person">${text.person}
      <${Field} id="search-person" name="person" type="search" maxlength="200" autocapitalize="off"
        placeholder=${text.userName} spellcheck=${false} value=${query['person'] ?? ''} /></label>
    ${choice('type', text.type, [['', text.everyType], ...named(page.types)])}
    ${choice('state', text.state, [
      ['', text.everyState],
      ...page.states.map((name) => /** @type {const} */ ([name, words.state(name)])),
    ])}
    ${choice('channel', text.channel, [['', text.everyChannel], ...named(page.channels)])}
    <button type="submit" class="main">${text.find}</button>
  </form>`
}

/** @param {{ page: Page, place: Place, words: Words }} props */
function List({ page: { cell, tenant }, place: { query }, words }) {
  const { text, fill, time } = words
  const path = useMemo(() => {
    const { from, to } = rangeOf(query, Date.now())
    const given = { ...query, tenant, from, to, range: '' }
    return `/api/${cell}/search?${searchOf(given)}`
  }, [cell, tenant, JSON.stringify(query)])
  /** @type {[import('./server.js').Asked<NotificationPage>, () => void]} */
  const [asked] = useAsked(path)
  const { notifications: listed, before, isCut } = asked.state === 'here' ? asked.value : nothing
  const older = before && addressOf('search', '', { ...query, tenant, before })
  const newest = query['before'] && addressOf('search', '', { ...query, tenant, before: '' })
  const isEmpty = asked.state === 'here' && listed.length === 0
  return html`<${Waiting} asked=${asked} words=${words} />
    ${isEmpty && !before && html`<p class="empty" role="status">${text.nothingFound}</p>`}
    ${listed.length > 0 && html`<${Found} ...${{ listed, tenant, words }} />`}
    ${isCut && html`<p class="dim">${fill(text.cutAt, { count: listed.length })}</p>`}
    ${
      (older || newest) &&
      html`<nav class="bar pages" aria-label=${text.pages}>
        ${newest && html`<a class="button" href=${newest}>${text.newest}</a>`}
        ${older && html`<a class="button" href=${older}>${text.older}</a>`}
        ${before && html`<span class="dim">${fill(text.searchedTo, { time: time(timeIn(before)) })}</span>`}
      </nav>`
    }`
}

/** @type {NotificationPage} */
const nothing = { notifications: [] }

const timeIn = (/** @type {string} */ place) => place.split('#')[0] ?? place

/** @param {Readonly<Record<string, string | undefined>>} query */
function searchOf(query) {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return new URLSearchParams(given).toString()
}

/** @param {{ listed: readonly ListedNotification[], tenant: string, words: Words }} props */
function Found({ listed, tenant, words }) {
  const { text, number, fill, time } = words
  const head = [text.arose, text.state, text.person, text.channel, text.about, text.type]
  const rows = listed.map((one) => ({
    key: `${one.eventId} ${one.notificationId} ${one.eventType}`,
    cells: [
      html`<${Time} at=${one.createdAt} words=${words} />`,
      html`<${State} ...${{ state: one.state, reason: one.reason, words }} />
        ${one.lastTryAt && html`<span class="why">${fill(isTriedAgain(one) ? text.lastTryAgain : text.lastTry, { time: time(one.lastTryAt) })}</span>`}`,
      one.username ?? '',
      one.channel &&
        `${one.channel}${(one.attempts ?? 0) > 1 ? ` ×${number(one.attempts ?? 0)}` : ''}`,
      html`<a href=${eventAddress(one.eventId, tenant, one.notificationId)}>${titleOf(one)}</a>
        <${Id} id=${one.eventId} words=${words} />`,
      one.eventType,
    ],
  }))
  return html`<${Table} caption=${text.notifications} head=${head} rows=${rows} />`
}

/** @param {ListedNotification} one */
function isTriedAgain({ state, attempts = 0, heldUntil }) {
  return state === 'WAIT_FOR_DISPATCH' && attempts > 0 && heldUntil === undefined
}

/** @param {{ about?: ListedNotification['about'] | undefined, subject?: string, eventId: string }} one */
export function titleOf({ about = {}, subject, eventId }) {
  const { task, document, record, taskId } = about
  const named = [...new Set([task, document])].filter(Boolean)
  return named.length > 0 ? named.join(' · ') : (record ?? taskId ?? subject ?? eventId)
}

/**
 * Without a tenant, an event can be found by its whole id.
 *
 * @param {{ page: Page, id: string, words: Words }} props
 */
function Everywhere({ page: { cell }, id, words }) {
  /** @type {[import('./server.js').Asked<{ stories: readonly EventStory[] }>, () => void]} */
  const [asked] = useAsked(`/api/${cell}/story?${new URLSearchParams({ id })}`)
  const stories = asked.state === 'here' ? asked.value.stories : []
  const isEmpty = asked.state === 'here' && stories.length === 0
  return html`<${Waiting} asked=${asked} words=${words} />
    ${isEmpty && html`<${NoTenant} isAsked words=${words} />`}
    <ul class="found">
      ${stories.map(
        ({ tenant, eventType, eventId, handled }) => html`<li>
          <a href=${eventAddress(eventId, tenant)}>${tenant} · ${eventType} · ${titleOf({ about: handled?.about, eventId })}</a>
        </li>`,
      )}
    </ul>`
}
