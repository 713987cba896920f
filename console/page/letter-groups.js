import { html, Table, Time } from './dom.js'
import { addressOf } from './place.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/shelf-routes.ts').ShelfView} ShelfView */

/** Groups that are shown at first: the rest is one click away. */
const shownAtFirst = 8

/**
 * The letters by tenant, type and cause, as `dlq list` groups them, the largest group first.
 *
 * @param {{ view: ShelfView, query: Readonly<Record<string, string>>, words: Words }} props
 */
export function LetterGroups({ view: { groups, moreGroups, more, isReading }, query, words }) {
  const { text, number, fill } = words
  const isAll = query['groups'] === 'all'
  const shown = isAll ? groups : groups.slice(0, shownAtFirst)
  const hidden = groups.length - shown.length
  const rows = shown.map(({ tenant, type, cause, count, newest }) => {
    const parts = [tenant, type, cause].map((part) => (part === 'unknown' ? text.unknown : part))
    const key = JSON.stringify([tenant, type, cause])
    const isShown = query['group'] === tenant && query['type'] === type && query['cause'] === cause
    const next = isShown ? { group: '', type: '', cause: '' } : { group: tenant, type, cause }
    const link = html`<a href=${addressOf('letters', '', { ...query, ...next, start: '' })}
      aria-label=${`${isShown ? text.showAll : text.show} ${parts.join(', ')}`}>${isShown ? text.showAll : text.show}</a>`
    // A queue was read in part: the count is the least that there are.
    const counted = more || isReading ? `${number(count)}+` : number(count)
    const last = html`<${Time} at=${String(newest)} words=${words} />`
    return {
      key,
      level: isShown ? 'chosen' : '',
      cells: [counted, ...parts, last, link],
    }
  })
  const head = [text.count, text.tenant, text.type, text.cause, text.newest, text.show]
  return html`<h2>${text.groups}</h2>
    <${Table} caption=${text.groups} head=${head} rows=${rows} />
    ${hidden > 0 && html`<p><a href=${addressOf('letters', '', { ...query, groups: 'all' })}>${fill(text.moreTroubles, { count: hidden })}</a></p>`}
    ${isAll && moreGroups > 0 && html`<p class="dim">${fill(text.moreGroups, { count: moreGroups })}</p>`}`
}
