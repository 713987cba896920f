import { useEffect, useRef, useState } from 'preact/hooks'
import { html, Waiting } from './dom.js'
import { Letter } from './letter.js'
import { filterOf, LetterFilters, withShortQueue } from './letter-filters.js'
import { LetterGroups } from './letter-groups.js'
import { keyOf, LetterList } from './letter-list.js'
import { canFilter, saidOfReading, useLastView } from './letters-read.js'
import { addressOf } from './place.js'
import { Redrive } from './redrive.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('./meaning.js').Meanings} Meanings */
/** @typedef {import('../server/shelf-view.ts').ShelfView} ShelfView */
/** @typedef {import('../server/shelf-view.ts').ShelfRow} ShelfRow */
/** @typedef {Readonly<Record<string, string>>} Query */

/** Letters on a page of the list; console/server/shelf-view.ts decides. */
const pageSize = 50

/** Milliseconds between two looks at a reading that is under way. */
const lookAgain = 1_000

/**
 * Dead letters and the quarantine: by cause, as a list beside one that is read, and with the way back. The server
 * has read the queues; the filter and the page are in the address.
 *
 * @param {{ page: Page, place: Place, picture: Picture | undefined, words: Words }} props
 */
export function LettersView({ page, place, picture, words }) {
  const { cell, tenant } = page
  const query = withShortQueue(place.query, cell)
  const { text, fill, fault } = words
  const [since, setSince] = useState(() => Date.now())
  const filter = filterOf(tenant, query)
  const opened = query['opened'] ?? ''
  const asking = { ...filter, ...(opened && { opened }), since: String(since) }
  const start = query['start'] ?? '0'
  /** @type {[import('./server.js').Asked<ShelfView>, () => void]} */
  const [asked, again] = useAsked(`/api/${cell}/shelf?${new URLSearchParams({ ...asking, start })}`)
  const { view, isStale } = useLastView(asked, tenant)
  const { isReading, read, until, more, problems, matching } = view
  useEffect(() => {
    if (asked.busy || asked.state !== 'here' || !isReading) return
    const timer = setTimeout(again, lookAgain)
    return () => clearTimeout(timer)
  }, [asked])
  /** @type {[import('./server.js').Asked<Meanings>, () => void]} */
  const [known] = useAsked('/api/meanings')
  const meanings = known.state === 'here' ? known.value : undefined
  const { list, onShow } = useShown(asked)
  const isFirst = isReading && until === undefined
  const isEmpty = asked.state === 'here' && !isReading && read === 0 && problems.length === 0
  const isNone = matching === 0 && read > 0 && !isReading && !isStale
  return html`<div class="bar">
      <button type="button" onClick=${() => setSince(Date.now())}>${text.again}</button>
      <span class="dim" role=${isFirst && read === 0 ? 'status' : undefined}>${asked.state !== 'failed' && saidOfReading(view, picture, words)}</span>
      ${!page.allowRepair && html`<span class="dim">${text.readOnly}</span>`}
    </div>
    ${asked.state === 'failed' && html`<${Waiting} asked=${asked} words=${words} />`}
    ${problems.map((problem) => html`<p class="fault" title=${problem.text}>${fill(text.troubles.unknown, { text: fault(problem) })}</p>`)}
    ${isEmpty && html`<p class="empty">${text.nothingRests}</p>`}
    ${more && html`<p class="dim">${text.more}</p>`}
    ${view.byCause.length > 0 && html`<${LetterGroups} ...${{ view, query, meanings, onShow, words }} />`}
    <${Letters} ...${{ page, view, isStale, isFirst, query, filter, meanings, list, onOver: again, words }} />
    ${isNone && html`<p class="empty">${text.groupGone} <a href=${addressOf('letters', '', { tenant })}>${text.showAll}</a></p>`}`
}

/**
 * Brings the list into view when what was chosen to be shown is there.
 *
 * @param {import('./server.js').Asked<ShelfView>} asked
 */
function useShown(asked) {
  const list = useRef(/** @type {HTMLElement | null} */ (null))
  const isWanted = useRef(false)
  useEffect(() => {
    if (!isWanted.current || asked.busy || asked.state !== 'here') return
    isWanted.current = false
    list.current?.scrollIntoView()
    list.current?.focus({ preventScroll: true })
  }, [asked])
  const onShow = () => {
    isWanted.current = true
  }
  return { list, onShow }
}

/**
 * The list with its filter, and what can be done with it.
 *
 * @param {{ page: Page, view: ShelfView, isStale: boolean, isFirst: boolean, query: Query, filter: Query,
 *   meanings: Meanings | undefined, list: import('preact').RefObject<HTMLElement>, onOver: () => void, words: Words }} props
 */
function Letters({ page, view, isStale, isFirst, query, filter, meanings, list, onOver, words }) {
  const { text, fill } = words
  const { cell, tenant, allowRepair } = page
  const { letters, start, matching } = view
  /** @type {[ReadonlyMap<string, ShelfRow>, (chosen: ReadonlyMap<string, ShelfRow>) => void]} */
  const [chosen, setChosen] = useState(/** @type {ReadonlyMap<string, ShelfRow>} */ (new Map()))
  const [open, setOpen] = useState(/** @type {ShelfRow | undefined} */ (undefined))
  const [typed, setTyped] = useState(query['words'] ?? '')
  const clear = () => setChosen(new Map())
  // Letters of a tenant that is no longer shown must not be sent.
  useEffect(clear, [tenant])
  // The letter that is read is one of the list.
  useEffect(() => setOpen(undefined), [JSON.stringify(filter)])
  const over = () => {
    clear()
    onOver()
  }
  // What is typed, or was chosen just now, is not yet what the list shows.
  const isUnsettled = isStale || typed !== (query['words'] ?? '')
  const pageAt = (/** @type {number} */ from) =>
    addressOf('letters', '', { ...query, start: from > 0 ? String(from) : '' })
  const from = letters.length === 0 ? 0 : start + 1
  const shown = { from, to: start + letters.length, count: matching }
  // Nothing is offered before the queues were read once.
  const redriving = { cell, view, filter, chosen: [...chosen.values()], isUnsettled, isFirst }
  return html`<div class="bar">
      ${
        canFilter(view) &&
        html`<h2 ref=${list} tabindex="-1">${text.letters}</h2>
          <${LetterFilters} ...${{ view, query, onTyped: setTyped, words }} />
          <span class="dim" role="status">${isUnsettled ? text.loading : fill(text.shownOf, shown)}</span>
          ${start > 0 && html`<a class="button" href=${pageAt(start - pageSize)}>${text.newer}</a>`}
          ${start + pageSize < matching && html`<a class="button" href=${pageAt(start + pageSize)}>${text.older}</a>`}`
      }
      ${allowRepair && html`<${Redrive} ...${{ ...redriving, words, onOver: over, onClear: clear }} />`}
    </div>
    <div class=${open ? 'beside' : ''}>
      <div class="list">
        <${LetterList} ...${{ letters, open, onOpen: setOpen, chosen, setChosen, allowRepair, words }} />
      </div>
      ${open && html`<${Letter} key=${keyOf(open)} ...${{ cell, row: open, meanings, words, onClose: () => setOpen(undefined) }} />`}
    </div>`
}
