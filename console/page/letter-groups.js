import { html, Table } from './dom.js'
import { addressOf } from './place.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/letters.ts').ListedLetter} ListedLetter */

/**
 * What letters of one group share: tenant, type and cause, as `dlq list` groups them.
 *
 * @param {Pick<ListedLetter, 'tenant' | 'type' | 'cause'>} letter
 */
export function groupOf({ tenant = '', type = '', cause = '' }) {
  return JSON.stringify([tenant, type, cause])
}

/**
 * The letters by what they share, the largest group first.
 *
 * @param {{ letters: readonly ListedLetter[], group: string, more: boolean, allowRepair: boolean, words: Words,
 *   query: Readonly<Record<string, string>>, choose: (some: readonly ListedLetter[]) => void }} props
 *   `group`: the one that is shown; `more`: whether there are letters that were not read
 */
export function LetterGroups({ letters, group, more, query, choose, allowRepair, words }) {
  const { text, number } = words
  const groups = [...Map.groupBy(letters, groupOf)].sort(([, a], [, b]) => b.length - a.length)
  const head = [text.count, text.tenant, text.type, text.cause, text.show]
  const rows = groups.map(([key, members]) => {
    const parts = /** @type {string[]} */ (JSON.parse(key)).map((part) => part || text.unknown)
    const isShown = key === group
    const link = html`<a href=${addressOf('letters', '', { ...query, group: isShown ? '' : key })}
      aria-label=${`${isShown ? text.showAll : text.show} ${parts.join(', ')}`}>${isShown ? text.showAll : text.show}</a>`
    const button = html`<button type="button" aria-label=${`${text.choose} ${parts.join(', ')}`}
      onClick=${() => choose(members)}>${text.choose}</button>`
    // A queue was read in part: the count is the least that there are.
    const count = more ? `${number(members.length)}+` : number(members.length)
    const cells = [count, ...parts, link]
    return { key, level: isShown ? 'chosen' : '', cells: allowRepair ? [...cells, button] : cells }
  })
  return html`<h2>${text.groups}</h2>
    <${Table} caption=${text.groups} head=${allowRepair ? [...head, text.choose] : head} rows=${rows} />`
}
