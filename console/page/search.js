import { useMemo, useState } from 'preact/hooks'
import { Choice, Field, html, Id, State, Table, Time, Waiting } from './dom.js'
import { NextTry } from './next-try.js'
import { addressOf, eventAddress } from './place.js'
import { rangeOf } from './range.js'
import { keptIn } from './range-choice.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('../../lib/operations/notification-listing.ts').NotificationPage} NotificationPage */
/** @typedef {import('../../lib/operations/notification-listing.ts').TenantsPage & { only?: readonly string[] }} TenantsPage */
/** @typedef {import('../../lib/operations/notification-listing.ts').ListedNotification} ListedNotification */
/** @typedef {import('../../lib/operations/event-story.ts').EventStory} EventStory */

/**
 * Notifications by what people know of them, of the chosen tenant or of all. The filters are in the address.
 *
 * @param {{ page: Page, place: Place, words: Words }} props
 */
export function SearchView({ page, place, words }) {
  const [turn, setTurn] = useState(0)
  const shared = { page, place, words }
  return html`<${Filters} ...${shared} onAgain=${() => setTurn(turn + 1)} />
    <${List} key=${turn} ...${shared} />`
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
      <${Field} id="search-words" name="words" type="search" enterkeyhint="search"
        autocapitalize="off" maxlength="300" placeholder=${text.anyWords} value=${query['words'] ?? ''} /></label>
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
  /** @type {[import('./server.js').Asked<NotificationPage & Partial<TenantsPage>>, () => void]} */
  const [asked] = useAsked(path)
  const found = asked.state === 'here' ? asked.value : nothing
  const { notifications: listed, before, isCut, unseen } = found
  const older = before && addressOf('search', '', { ...query, tenant, before })
  const newest = query['before'] && addressOf('search', '', { ...query, tenant, before: '' })
  const isEmpty = asked.state === 'here' && listed.length === 0
  const ofAll = addressOf('search', '', { ...query, tenant: '', before: '' })
  const none =
    !before &&
    html`<div class="empty" role="status">
    <p>${whyNothing(query, unseen, words)}</p>
    ${tenant !== '' && html`<p><a class="button" href=${ofAll}>${text.searchAll}</a></p>`}
  </div>`
  const id = eventIdIn(query, tenant, listed)
  return html`<${Waiting} asked=${asked} words=${words} />
    ${isEmpty && (id === undefined ? none : html`<${ById} ...${{ cell, id, none, words }} />`)}
    ${listed.length > 0 && html`<${Found} ...${{ listed, isOfAll: tenant === '', isRetried: query['state'] === 'RETRIED', words }} />`}
    ${query['state'] === 'RETRIED' && (older || newest) && html`<p class="dim">${text.nextFirst}</p>`}
    <${Unfinished} ...${{ found, query, words }} />
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

/**
 * Why nothing was found, as far as that is known, and what to do.
 *
 * @param {Place['query']} query
 * @param {readonly string[] | undefined} unseen words that nothing has
 * @param {Words} words
 */
export function whyNothing({ words: typed = '' }, unseen = [], { text, fill }) {
  if (typed === '') return text.nothingFound
  const isSaid = unseen.length > 0 && typed.includes(' ')
  return [
    fill(text.allWords, { words: typed }),
    isSaid && fill(text.unseenWords, { words: unseen.join(', ') }),
    text.otherWords,
  ]
    .filter(Boolean)
    .join(' ')
}

/**
 * What is tried next comes first; last, of what that is not on record.
 *
 * @param {Pick<ListedNotification, 'nextTryAt'>} one
 * @param {Pick<ListedNotification, 'nextTryAt'>} other
 */
export function byNextTry({ nextTryAt: one = '~' }, { nextTryAt: other = '~' }) {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/**
 * What may be the whole id of an event: one word with a digit. It is looked up among all events, which takes a query
 * for each tenant and type, where a page has nothing else: pages go back in time, and the event may be much older.
 *
 * @param {Place['query']} query
 * @param {string} tenant
 * @param {readonly object[]} listed
 */
export function eventIdIn({ words = '' }, tenant, listed) {
  return tenant === '' && listed.length === 0 && maybeId.test(words) ? words : undefined
}

const maybeId = /^(?=\S*\d)\S{6,}$/

/** @type {NotificationPage} */
const nothing = { notifications: [] }

const timeIn = (/** @type {string} */ place) => place.split('#')[0] ?? place

/** @param {Readonly<Record<string, string | undefined>>} query */
function searchOf(query) {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return new URLSearchParams(given).toString()
}

/** Unfinished tenants that are named: the others are a number. */
const maxNamed = 5

/**
 * What a search over all tenants has not seen, and where it goes on.
 *
 * @param {{ found: Partial<TenantsPage>, query: Place['query'], words: Words }} props
 */
function Unfinished({ found: { unfinished = [], notAsked = 0, only }, query, words }) {
  const { text, fill, time } = words
  const named = unfinished.slice(0, maxNamed)
  const others = unfinished.length - named.length
  return html`${only && html`<p class="dim">${fill(text.onlyOf, { tenants: only.join(', ') })}</p>`}
  ${
    named.length > 0 &&
    html`<p class="dim">${text.unfinished}${' '}
      ${named.map(
        ({ tenant, before }, at) => html`${at > 0 && ', '}
          <a href=${addressOf('search', '', { ...query, tenant, before })}>${fill(text.backTo, { tenant, time: time(timeIn(before)) })}</a>`,
      )}${others > 0 && ` ${fill(text.moreTroubles, { count: others })}`}</p>`
  }
  ${notAsked > 0 && html`<p class="dim">${fill(text.notAsked, { count: notAsked })}</p>`}`
}

/**
 * What was found; what waits for another try in the order in which it is tried.
 *
 * @param {{ listed: readonly ListedNotification[], isOfAll: boolean, isRetried: boolean, words: Words }} props
 */
function Found({ listed, isOfAll, isRetried, words }) {
  const { text, number } = words
  const whose = isOfAll ? [text.tenant] : []
  const head = [
    text.about,
    text.state,
    ...(isRetried ? [words.inZone(text.nextTry)] : []),
    text.person,
    ...whose,
    text.channel,
    words.inZone(text.arose),
    text.type,
  ]
  const ordered = isRetried ? listed.toSorted(byNextTry) : listed
  const rows = ordered.map((one) => ({
    key: `${one.tenant} ${one.eventId} ${one.notificationId} ${one.eventType}`,
    cells: [
      html`<a href=${eventAddress(one.eventId, one.tenant, one.notificationId)}>${titleOf(one)}</a>
        <${Id} id=${one.eventId} words=${words} />`,
      html`<${State} ...${{ state: one.state, reason: one.reason, words }} />
        ${one.lastTryAt && html`<span class="why">${triesOf(one, isRetried, words)}</span>`}`,
      ...(isRetried
        ? [html`<${NextTry} at=${isTriedAgain(one) ? one.nextTryAt : undefined} words=${words} />`]
        : []),
      one.username ?? '',
      ...(isOfAll ? [one.tenant] : []),
      one.channel &&
        `${one.channel}${(one.attempts ?? 0) > 1 ? ` ×${number(one.attempts ?? 0)}` : ''}`,
      html`<${Time} at=${one.createdAt} words=${words} />`,
      one.eventType,
    ],
  }))
  return html`<div class="list"><${Table} caption=${text.notifications} head=${head} rows=${rows} /></div>`
}

/**
 * When the last try was, and the next one is, unless that has a column.
 *
 * @param {ListedNotification} one
 * @param {boolean} isRetried
 * @param {Words} words
 */
function triesOf(one, isRetried, { text, fill, time }) {
  const { lastTryAt = '', nextTryAt } = one
  const last = { time: time(lastTryAt) }
  if (isRetried || !isTriedAgain(one)) return fill(text.lastTry, last)
  return nextTryAt === undefined
    ? fill(text.lastTryAgain, last)
    : fill(text.lastTryNext, { ...last, next: time(nextTryAt) })
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
 * Events that have a whole id, however old, or what to show instead.
 *
 * @param {{ cell: string, id: string, none: import('./dom.js').Children, words: Words }} props
 */
function ById({ cell, id, none, words }) {
  /** @type {[import('./server.js').Asked<{ stories: readonly EventStory[] }>, () => void]} */
  const [asked] = useAsked(`/api/${cell}/story?${new URLSearchParams({ id })}`)
  const stories = asked.state === 'here' ? asked.value.stories : []
  if (asked.busy || asked.state === 'failed')
    return html`<${Waiting} asked=${asked} what=${words.text.event} words=${words} />`
  if (stories.length === 0) return none
  return html`<ul class="found" aria-label=${words.text.event}>
    ${stories.map(
      ({ tenant, eventType, eventId, handled }) => html`<li>
        <a href=${eventAddress(eventId, tenant)}>${tenant} · ${eventType} · ${titleOf({ about: handled?.about, eventId })}</a>
      </li>`,
    )}
  </ul>`
}
