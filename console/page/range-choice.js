import { Choice, Field, html } from './dom.js'
import { addressOf } from './place.js'
import { fieldOf, rangeName, rangeOf } from './range.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./place.js').Place} Place */

/**
 * The time range of the page. It is in the address, and goes with the reader from view to view.
 *
 * @param {{ place: Place, words: Words }} props
 */
export function RangeChoice({ place: { view, rest, query }, words }) {
  const { text } = words
  const go = (/** @type {Readonly<Record<string, string | undefined>>} */ range) => {
    location.hash = addressOf(view, rest, { ...query, before: '', ...range })
  }
  const shown = rangeName(query, view)
  const choose = (/** @type {string} */ range) => {
    if (range !== 'own') return go({ range, from: '', to: '' })
    const now = Date.now()
    go({ range, to: new Date(now).toISOString(), ...rangeOf({ ...query, range: shown }, now) })
  }
  const time = (/** @type {'from' | 'to'} */ name) => {
    const changed = (/** @type {Event} */ { currentTarget }) => {
      const { value } = /** @type {HTMLInputElement} */ (currentTarget)
      const { from, to } = rangeOf({ ...query, [name]: value }, Date.now())
      go({ from, to })
    }
    return html`<label for=${`range-${name}`}>${text[name]}
      <${Field} id=${`range-${name}`} type="datetime-local" value=${fieldOf(query[name])} onChange=${changed} /></label>`
  }
  return html`<${Choice} id="range" label=${text.range} value=${shown}
      options=${Object.entries(text.ranges)} onChange=${choose} />
    ${query['range'] === 'own' && html`${time('from')} ${time('to')}`}`
}

/**
 * The part of an address that links to other views keep.
 *
 * @param {Readonly<Record<string, string>>} query
 */
export function keptIn({ tenant, range, from, to }) {
  return { tenant, range, from, to }
}
