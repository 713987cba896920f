import { Choice, html } from './dom.js'
import { addressOf } from './place.js'
import { TypedField } from './typed-field.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/shelf-view.ts').ShelfView} ShelfView */
/** @typedef {Readonly<Record<string, string>>} Query */

/**
 * The filter of the list: its tenant is the page's, or that of the group that was chosen.
 *
 * @param {string} tenant
 * @param {Query} query
 * @returns {Record<string, string>} without what is not given
 */
export function filterOf(tenant, { group, type, cause, queue, words }) {
  const given = Object.entries({ tenant, whose: group, type, cause, queue, words })
  return Object.fromEntries(given.flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

/**
 * The same with the name of the queue as the choice has it: without the cell's prefix.
 *
 * @param {Query} query
 * @param {string} cell
 * @returns {Query}
 */
export function withShortQueue({ queue = '', ...query }, cell) {
  const prefix = `ecos-${cell}-`
  return { ...query, queue: queue.startsWith(prefix) ? queue.slice(prefix.length) : queue }
}

/** Characters of a typed text in a button's name. */
const shownOfWords = 30

/**
 * A filter in words, for the button that acts on it.
 *
 * @param {Query} filter
 * @param {Words} words
 */
export function filterSaid({ tenant, whose = tenant, type, cause, queue, words: sought }, words) {
  const named = [whose, type, cause, queue].map((name) => name && saidName(name, words))
  const long = (sought?.length ?? 0) > shownOfWords
  const quoted = sought && `“${long ? `${sought.slice(0, shownOfWords)}…` : sought}”`
  return [...named, quoted].filter(Boolean).join(', ')
}

/**
 * @param {string} name of a tenant, a type, a cause or a queue
 * @param {Words} words
 */
function saidName(name, { text }) {
  if (name === 'unknown') return text.unknown
  return name === 'quarantine' ? text.quarantine : name
}

/**
 * What the list is narrowed by, but for the tenant, which is chosen in the page's head.
 *
 * @param {{ view: ShelfView, query: Query, onTyped: (text: string) => void, words: Words }} props
 */
export function LetterFilters({ view, query, onTyped, words }) {
  const { text } = words
  const addressWith = (/** @type {Query} */ change) =>
    addressOf('letters', '', { ...query, ...change, start: '' })
  const choice = (
    /** @type {'type' | 'cause' | 'queue'} */ name,
    /** @type {string} */ all,
    /** @type {readonly string[]} */ values,
  ) => {
    const chosen = query[name] ?? ''
    const known = [...new Set([...values, ...(chosen === '' ? [] : [chosen])])]
    const options = [['', all], ...known.map((value) => [value, saidName(value, words)])]
    const choose = (/** @type {string} */ value) => {
      location.hash = addressWith({ [name]: value })
    }
    return html`<${Choice} id=${`letter-${name}`} label=${text[name]} value=${chosen} options=${options} onChange=${choose} />`
  }
  // Words that are still being typed are no places to come back to.
  const seek = (/** @type {string} */ sought) => location.replace(addressWith({ words: sought }))
  return html`${choice('type', text.allTypes, view.allTypes)} ${choice('cause', text.allCauses, view.allCauses)}
    ${choice('queue', text.allQueues, view.allQueues)}
    <label for="letter-text">${text.contains}
      <${TypedField} id="letter-text" type="search" maxlength="300" value=${query['words'] ?? ''}
        onTyped=${onTyped} onApply=${seek} /></label>`
}
