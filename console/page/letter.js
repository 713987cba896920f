import { useEffect, useRef } from 'preact/hooks'
import { Copy, html, Time, Waiting } from './dom.js'
import { meaningOf } from './meaning.js'
import { eventAddress } from './place.js'
import { readable } from './readable.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./meaning.js').Meanings} Meanings */
/** @typedef {import('../server/shelf-view.ts').ShelfRow} ShelfRow */
/** @typedef {import('../server/shelf-routes.ts').LetterView} LetterView */
/** @typedef {import('../server/comparison.ts').Comparison} Comparison */
/** @typedef {import('../../lib/operations/differences.ts').Difference} Difference */

/**
 * One letter, decoded: whether it would fail again, and how it differs from an event that passed.
 *
 * @param {{ cell: string, row: ShelfRow, meanings: Meanings | undefined, words: Words, onClose: () => void }} props
 */
export function Letter({ cell, row, meanings, words, onClose }) {
  const { text, fill } = words
  const { queue, messageId: message, sentAt, reason, cause, tenant, type, eventId } = row
  const section = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => section.current?.focus(), [])
  const query = new URLSearchParams({ queue, message })
  /** @type {[import('./server.js').Asked<LetterView>, () => void]} */
  const [asked] = useAsked(`/api/${cell}/shelf/letter?${query}`)
  const { letter, again, comparison } = asked.state === 'here' ? asked.value : nothing
  const body = letter && readable(letter)
  const facts = [
    [text.queue, queue],
    [text.tenant, tenant],
    [text.type, type],
    [text.reason, reason ?? text.noReason],
    [text.means, meaningOf(cause, meanings, words)],
    [words.inZone(text.when), html`<${Time} at=${sentAt} words=${words} />`],
    [text.event, eventId && html`<a href=${eventAddress(eventId, tenant)}>${eventId}</a>`],
    ['Id', message],
  ]
  return html`<section class="message letter" ref=${section} tabindex="-1" aria-label=${text.message}>
    <div class="bar">
      <h3>${text.message}</h3>
      ${body !== undefined && html`<${Copy} text=${body} label=${text.copy} words=${words}>${text.copy}<//>`}
      <button type="button" onClick=${onClose}>${text.close}</button>
    </div>
    <dl class="headers">${facts.map(([name, value]) => value && html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    <${Waiting} asked=${asked} words=${words} />
    ${again && html`<p class="fault" title=${again.explanation}>${fill(text.willFail[again.why], { code: again.code })}</p>`}
    ${again?.explanation && html`<p class="dim">${again.explanation}</p>`}
    ${letter?.isCut && html`<p class="fault">${fill(text.cutBody, { id: message })}</p>`}
    ${comparison && html`<${Compared} ...${{ comparison, tenant, words }} />`}
    ${body !== undefined && html`<pre class="text" tabindex="0">${body}</pre>`}
  </section>`
}

/** @type {Partial<LetterView>} */
const nothing = {}

/** @param {{ comparison: Comparison, tenant?: string | undefined, words: Words }} props */
function Compared({ comparison, tenant, words }) {
  const { text, fill, time } = words
  const { eventId, at = '', differences } = comparison
  const link = eventId && html`<a href=${eventAddress(eventId, tenant)}>${eventId}</a>`
  const said =
    comparison.with === 'event'
      ? fill(text.comparedEvent, { time: time(at) })
      : text.comparedExample
  return html`<h4>${text.compared}</h4>
    <p class="dim">${said} ${link}</p>
    ${differences.length === 0 && html`<p>${text.noDifference}</p>`}
    <ul class="differences">
      ${differences.map((one) => html`<li class=${one.what}>${saidOf(one, words)}</li>`)}
    </ul>`
}

/**
 * @param {Difference} difference
 * @param {Words} words
 */
function saidOf({ what, field, kind, ...more }, { text, fill }) {
  const was = 'was' in more ? text.kinds[more.was] : ''
  const name = field === '' ? text.wholeData : field
  return fill(text.differences[what], { field: name, kind: text.kinds[kind], was })
}
