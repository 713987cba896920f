import { useState } from 'preact/hooks'
import { html, Table } from './dom.js'

/** @typedef {import('./server.js').PassingEvent} PassingEvent */
/** @typedef {import('./texts.js').Words} Words */

/** Rows that are shown. */
const most = 100

/**
 * What happens now. It can be held still to be read.
 *
 * @param {{ passed: readonly PassingEvent[], tenant: string, words: Words }} props
 */
export function EventsView({ passed, tenant, words }) {
  const { text, time } = words
  const [held, setHeld] = useState(/** @type {readonly PassingEvent[] | undefined} */ (undefined))
  const shown = (held ?? passed).filter((one) => tenant === '' || one.tenant === tenant)
  return html`<button type="button" aria-pressed=${held !== undefined}
      onClick=${() => setHeld(held ? undefined : passed)}>${held ? text.resume : text.pause}</button>
    ${shown.length === 0 && html`<p class="dim">${text.nothingPassed}</p>`}
    <${Table} caption=${text.passed} head=${[text.when, text.tenant, text.type, text.about, text.event]}>
      ${shown.slice(0, most).map((one) => {
        const id = one.result?.eventId ?? one.id
        return html`<tr key=${`${one.at} ${one.id}`} class=${one.type === 'notification.failed' ? 'red' : ''}>
          <td>${time(one.at)}</td>
          <td>${one.tenant}</td>
          <td>${one.type}</td>
          <td>${one.result ? [one.result.channel, one.result.reason].filter(Boolean).join(': ') : one.subject}</td>
          <td><a href=${searchAddress(id)}>${id}</a></td>
        </tr>`
      })}
    <//>`
}

/** @param {string} id of an event */
export function searchAddress(id) {
  return `#search/${encodeURIComponent(id)}`
}
