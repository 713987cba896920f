import { useState } from 'preact/hooks'
import { Copy, html, Table, Time } from './dom.js'
import { eventAddress } from './place.js'

/** @typedef {import('./server.js').PassingEvent} PassingEvent */
/** @typedef {import('./texts.js').Words} Words */

/** Rows that are shown. */
const maxRows = 100

/**
 * Events as they pass. They can be paused to be read.
 *
 * @param {{ passed: readonly PassingEvent[], tenant: string, words: Words }} props
 */
export function EventsView({ passed, tenant, words }) {
  const { text } = words
  const [held, setHeld] = useState(/** @type {readonly PassingEvent[] | undefined} */ (undefined))
  const shown = (held ?? passed).filter((one) => tenant === '' || one.tenant === tenant)
  const rows = shown.slice(0, maxRows).map((one) => {
    const id = one.result?.eventId ?? one.id
    return {
      key: `${one.at} ${one.id}`,
      level: one.type === 'notification.failed' ? 'red' : '',
      cells: [
        html`<${Time} at=${one.at} words=${words} />`,
        one.tenant,
        one.partition ?? '',
        one.type,
        one.result
          ? [one.result.channel, one.result.reason].filter(Boolean).join(': ')
          : one.subject,
        html`<span class="cut"><a href=${eventAddress(id, one.tenant)} title=${id}>${id}</a></span>
          <${Copy} text=${id} label=${`${text.copy} ${id}`} words=${words} />`,
      ],
    }
  })
  const head = [
    words.inZone(text.when),
    text.tenant,
    text.partition,
    text.type,
    text.about,
    text.event,
  ]
  return html`<div class="bar">
      <button type="button" aria-pressed=${held !== undefined}
        onClick=${() => setHeld(held ? undefined : passed)}>${held ? text.resume : text.pause}</button>
      ${held && html`<span class="dim">${text.held}</span>`}
    </div>
    ${
      rows.length === 0
        ? html`<p class="empty">${text.nothingPassed}</p>`
        : html`<${Table} caption=${text.passed} head=${head} rows=${rows} />`
    }`
}
