import { html, Table, Time } from './dom.js'
import { meaningOf } from './meaning.js'
import { addressOf } from './place.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./dom.js').Row} Row */
/** @typedef {import('./meaning.js').Meanings} Meanings */
/** @typedef {import('../server/shelf-view.ts').ShelfView} ShelfView */
/** @typedef {Readonly<Record<string, string>>} Query */

/** Causes, and groups of one, that are shown at first: the rest is one click away. */
const shownAtFirst = 8

/** @typedef {{ view: ShelfView, query: Query, meanings: Meanings | undefined, onShow: () => void, words: Words }} Props */

/**
 * The letters by cause, the most frequent first; a cause opens to its groups by tenant and type, as `dlq list` has
 * them.
 *
 * @param {Props} props
 */
export function LetterGroups({ view, query, meanings, onShow, words }) {
  const { text, fill } = words
  const { byCause, moreGroups } = view
  const isAll = query['groups'] === 'all'
  const opened = openedIn(view, query)
  // Those of another cause are there until the answer comes.
  const groups = view.groups.filter(({ cause }) => cause === opened)
  const causes = isAll ? byCause : byCause.slice(0, shownAtFirst)
  const shown = isAll ? groups : groups.slice(0, shownAtFirst)
  const shared = { view, query, meanings, onShow, words }
  const rows = causes.flatMap((one) => {
    const isOpen = one.cause === opened
    const inner = isOpen ? shown.map((group) => groupRow(group, shared)) : []
    return [causeRow(one, isOpen, shared), ...inner]
  })
  const isShown = causes.some(({ cause }) => cause === opened)
  const hidden = byCause.length - causes.length + (isShown ? groups.length - shown.length : 0)
  const head = [
    text.count,
    text.cause,
    text.tenants,
    text.type,
    words.inZone(text.newest),
    text.show,
  ]
  return html`<h2>${text.groups}</h2>
    <${Table} caption=${text.groups} head=${head} rows=${rows} />
    ${hidden > 0 && html`<p><a href=${addressOf('letters', '', { ...query, groups: 'all' })}>${fill(text.moreTroubles, { count: hidden })}</a></p>`}
    ${isAll && isShown && moreGroups > 0 && html`<p class="dim">${fill(text.moreGroups, { count: moreGroups })}</p>`}`
}

/** Stands in the address for a single cause that was closed. */
const none = '-'

/**
 * The cause whose groups are shown: one that is alone is open.
 *
 * @param {Pick<ShelfView, 'byCause'>} view
 * @param {Query} query
 */
function openedIn({ byCause: [first, ...others] }, { opened }) {
  return opened || (others.length === 0 ? first?.cause : undefined)
}

/**
 * @param {ShelfView['byCause'][number]} one
 * @param {boolean} isOpen
 * @param {Props} props
 * @returns {Row}
 */
function causeRow({ cause, count, tenants, types, moreTypes, newest }, isOpen, props) {
  const { query, meanings, words } = props
  const { text, number, fill } = words
  const meaning = meaningOf(cause, meanings, words)
  const isShown = query['cause'] === cause && !query['group'] && !query['type']
  const name = cause === 'unknown' ? text.unknown : cause
  const toggle = addressOf('letters', '', { ...query, opened: isOpen ? none : cause, groups: '' })
  const more = moreTypes > 0 ? ` ${fill(text.moreTroubles, { count: moreTypes })}` : ''
  return {
    key: cause,
    level: isShown ? 'chosen' : '',
    cells: [
      html`<b class="whole">${counted(count, props)}</b>`,
      html`<a class="opens" href=${toggle} aria-expanded=${isOpen} title=${text.openCause}>${name}</a>
        ${meaning && html`<span class="why">${meaning}</span>`}`,
      number(tenants),
      `${types.map((type) => named(type, words)).join(', ')}${more}`,
      html`<${Time} at=${String(newest)} words=${words} />`,
      showLink(isShown, { cause }, [name], props),
    ],
  }
}

/**
 * @param {ShelfView['groups'][number]} group
 * @param {Props} props
 * @returns {Row}
 */
function groupRow({ tenant, type, cause, count, newest }, props) {
  const { query, words } = props
  const isShown = query['group'] === tenant && query['type'] === type && query['cause'] === cause
  const parts = [tenant, type, cause].map((part) => named(part, words))
  // The head of the page names the tenant too: each view is about the one that was chosen.
  const ofPage = tenant === 'unknown' ? {} : { tenant }
  const choice = { ...ofPage, group: tenant, type, cause }
  return {
    key: JSON.stringify([tenant, type, cause]),
    level: isShown ? 'chosen inner' : 'inner',
    cells: [
      html`<span class="whole">${counted(count, props)}</span>`,
      '',
      html`<span class="whole" title=${tenant}>${parts[0]}</span>`,
      parts[1],
      html`<${Time} at=${String(newest)} words=${words} />`,
      showLink(isShown, choice, parts, props),
    ],
  }
}

/**
 * @param {boolean} isShown
 * @param {Query} choice
 * @param {readonly string[]} parts of its name
 * @param {Props} props
 */
function showLink(isShown, choice, parts, { query, onShow, words: { text } }) {
  const back = { ...(choice['tenant'] && { tenant: '' }) }
  const next = { group: '', type: '', cause: '', start: '', ...(isShown ? back : choice) }
  const name = isShown ? text.showAll : text.show
  return html`<a class="whole" href=${addressOf('letters', '', { ...query, ...next })} onClick=${isShown ? undefined : onShow}
    aria-label=${`${name} ${parts.join(', ')}`}>${name}</a>`
}

/**
 * @param {number} count
 * @param {Props} props
 */
function counted(count, { view: { more, isReading }, words: { number } }) {
  // A queue was read in part: the count is the least that there are.
  return more || isReading ? `${number(count)}+` : number(count)
}

/**
 * @param {string} name
 * @param {Words} words
 */
function named(name, { text }) {
  return name === 'unknown' ? text.unknown : name
}
