import { html } from './dom.js'

/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('./texts.js').Words} Words */

/** Milliseconds after which the numbers of a part show their age. */
const freshFor = 10_000

/** @param {{ part: 'queues' | 'broker' | 'events', picture: Picture, words: Words }} props */
export function Age({ part, picture, words }) {
  const age = ageOf(part, picture, words)
  return age === undefined ? '' : html`<p class="age">${age}</p>`
}

/**
 * How old the numbers of a part are, if they are not fresh.
 *
 * @param {'queues' | 'broker' | 'events'} part
 * @param {Picture} picture
 * @param {Words} words
 */
export function ageOf(part, { at, asOf }, { text, fill, ago }) {
  const known = asOf[part]
  if (known === undefined || Date.parse(at) - Date.parse(known) < freshFor) return undefined
  return fill(text.asOf, { time: ago(known, at) })
}
