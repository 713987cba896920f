import { useEffect, useState } from 'preact/hooks'
import { Choice, Field, html, Table, Time, Waiting } from './dom.js'
import { Letter } from './letter.js'
import { LetterGroups } from './letter-groups.js'
import { addressOf, eventAddress } from './place.js'
import { Redrive } from './redrive.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('../server/shelf-routes.ts').ShelfView} ShelfView */
/** @typedef {import('../server/shelf-routes.ts').ShelfRow} ShelfRow */

export const keyOf = (/** @type {ShelfRow} */ { queue, messageId }) => `${queue} ${messageId}`

/** Letters on a page of the list; console/server/shelf-routes.ts decides. */
const pageSize = 50

/** Milliseconds between two looks at a reading that is under way. */
const lookAgain = 1_000

/**
 * Dead letters and the quarantine: by cause, as a list beside one that is read, and with the way back. The server
 * has read the queues; the filter and the page are in the address.
 *
 * @param {{ page: Page, place: Place, words: Words }} props
 */
export function LettersView({ page: { cell, tenant, allowRepair }, place: { query }, words }) {
  const { text, fill, fault, time } = words
  const [since, setSince] = useState(() => Date.now())
  const filter = filterOf(tenant, query)
  const asking = new URLSearchParams({
    ...filter,
    since: String(since),
    start: query['start'] ?? '0',
  })
  /** @type {[import('./server.js').Asked<ShelfView>, () => void]} */
  const [asked, again] = useAsked(`/api/${cell}/shelf?${asking}`)
  const view = asked.state === 'here' ? asked.value : nothing
  const { isReading, read, at, more, problems, matching } = view
  useEffect(() => {
    if (asked.busy || !isReading) return
    const timer = setTimeout(again, lookAgain)
    return () => clearTimeout(timer)
  }, [asked])
  /** @type {[ReadonlyMap<string, ShelfRow>, (chosen: ReadonlyMap<string, ShelfRow>) => void]} */
  const [chosen, setChosen] = useState(/** @type {ReadonlyMap<string, ShelfRow>} */ (new Map()))
  // Letters of a tenant that is no longer shown must not be sent.
  useEffect(() => setChosen(new Map()), [tenant])
  const over = () => {
    setChosen(new Map())
    again()
  }
  const isFirst = isReading && at === undefined
  const isEmpty = asked.state === 'here' && !isReading && read === 0 && problems.length === 0
  return html`<div class="bar">
      <button type="button" onClick=${() => setSince(Date.now())}>${text.again}</button>
      <span class="dim">${isReading ? fill(at === undefined || read > 0 ? text.readSoFar : text.readAgain, { count: read }) : at && fill(text.readAt, { time: time(at), count: read })}</span>
      ${
        allowRepair
          ? html`<${Redrive} ...${{ cell, view, filter, chosen: [...chosen.values()], words, onOver: over, onClear: () => setChosen(new Map()) }} />`
          : html`<span class="dim">${text.readOnly}</span>`
      }
    </div>
    ${asked.state === 'failed' && html`<${Waiting} asked=${asked} words=${words} />`}
    ${asked.state === 'asked' && html`<p class="dim" role="status">${text.loading}</p>`}
    ${problems.map((problem) => html`<p class="fault" title=${problem.text}>${fill(text.troubles.unknown, { text: fault(problem) })}</p>`)}
    ${isEmpty && html`<p class="empty">${text.nothingRests}</p>`}
    ${more && html`<p class="dim">${text.more}</p>`}
    ${view.groups.length > 0 && html`<${LetterGroups} ...${{ view, query, words }} />`}
    ${read > 0 && html`<${Letters} ...${{ cell, view, query, chosen, setChosen, allowRepair, words }} />`}
    ${matching === 0 && read > 0 && !isFirst && html`<p class="empty">${text.groupGone} <a href=${addressOf('letters', '', { tenant })}>${text.showAll}</a></p>`}`
}

/** @type {ShelfView} */
const nothing = {
  ...{ isReading: false, read: 0, more: false, problems: [], groups: [], moreGroups: 0 },
  ...{ matching: 0, goals: [], causes: [], start: 0, letters: [], allTypes: [], allCauses: [] },
}

/**
 * @param {string} tenant
 * @param {Readonly<Record<string, string>>} query
 * @returns {Record<string, string>}
 */
function filterOf(tenant, { group, type, cause, words }) {
  const given = Object.entries({ tenant, whose: group, type, cause, words })
  return Object.fromEntries(given.flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

/**
 * @param {{ cell: string, view: ShelfView, query: Readonly<Record<string, string>>,
 *   chosen: ReadonlyMap<string, ShelfRow>, setChosen: (chosen: ReadonlyMap<string, ShelfRow>) => void,
 *   allowRepair: boolean, words: Words }} props
 */
function Letters({ cell, view, query, chosen, setChosen, allowRepair, words }) {
  const { text, fill } = words
  const { letters, start, matching } = view
  const [open, setOpen] = useState(/** @type {ShelfRow | undefined} */ (undefined))
  const head = [
    words.inZone(text.when),
    text.tenant,
    text.type,
    text.reason,
    text.event,
    text.message,
  ]
  const rows = letters.map((letter) => {
    const { sentAt, tenant, type, reason, messageId, eventId } = letter
    const key = keyOf(letter)
    const isOpen = open !== undefined && keyOf(open) === key
    const toggle = (/** @type {Event} */ { currentTarget }) => {
      const isWanted = /** @type {HTMLInputElement} */ (currentTarget).checked
      const others = [...chosen].filter(([one]) => one !== key)
      setChosen(new Map(isWanted ? [...others, [key, letter]] : others))
    }
    const box = html`<input type="checkbox" aria-label=${`${text.choose} ${eventId ?? messageId}`}
      checked=${chosen.has(key)} onChange=${toggle} />`
    const read = html`<button type="button" aria-expanded=${isOpen}
      onClick=${() => setOpen(isOpen ? undefined : letter)}>${text.read}</button>`
    const link = eventId ? html`<a href=${eventAddress(eventId, tenant)}>${eventId}</a>` : messageId
    const event = html`<span class="cut" title=${eventId ?? messageId}>${link}</span>`
    const when = html`<${Time} at=${sentAt} words=${words} />`
    const cells = [when, tenant, type, reason ?? text.noReason, event, read]
    return { key, level: isOpen ? 'chosen' : '', cells: allowRepair ? [box, ...cells] : cells }
  })
  const seek = (/** @type {Event} */ { currentTarget }) => {
    const sought = /** @type {HTMLInputElement} */ (currentTarget).value.trim()
    location.hash = addressOf('letters', '', { ...query, words: sought, start: '' })
  }
  const choice = (
    /** @type {'type' | 'cause'} */ name,
    /** @type {readonly string[]} */ values,
  ) => {
    const chosenNow = query[name] ?? ''
    const known = [...new Set([...values, ...(chosenNow === '' ? [] : [chosenNow])])]
    const all = name === 'type' ? text.allTypes : text.allCauses
    const options = [['', all], ...known.map((value) => [value, value])]
    const choose = (/** @type {string} */ value) => {
      location.hash = addressOf('letters', '', { ...query, [name]: value, start: '' })
    }
    return html`<${Choice} id=${`letter-${name}`} label=${text[name]} value=${chosenNow} options=${options} onChange=${choose} />`
  }
  const pageAt = (/** @type {number} */ from) =>
    addressOf('letters', '', { ...query, start: from > 0 ? String(from) : '' })
  const shown = {
    from: letters.length === 0 ? 0 : start + 1,
    to: start + letters.length,
    count: matching,
  }
  return html`<div class="bar">
      <h2>${text.letters}</h2>
      ${choice('type', view.allTypes)} ${choice('cause', view.allCauses)}
      <label for="letter-text">${text.contains}
        <${Field} id="letter-text" type="search" maxlength="300" value=${query['words'] ?? ''} onChange=${seek} /></label>
      <span class="dim" role="status">${fill(text.shownOf, shown)}</span>
      ${start > 0 && html`<a class="button" href=${pageAt(start - pageSize)}>${text.newer}</a>`}
      ${start + pageSize < matching && html`<a class="button" href=${pageAt(start + pageSize)}>${text.older}</a>`}
    </div>
    <div class=${open ? 'beside' : ''}>
      <div class="list">
        ${rows.length > 0 && html`<${Table} caption=${text.letters} head=${allowRepair ? [text.choose, ...head] : head} rows=${rows} />`}
      </div>
      ${open && html`<${Letter} key=${keyOf(open)} cell=${cell} row=${open} words=${words} onClose=${() => setOpen(undefined)} />`}
    </div>`
}
