import { useState } from 'preact/hooks'
import { Choice, html, Table, Waiting } from './dom.js'
import { searchAddress } from './live.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/aws/notifications-index.ts').ListedNotification} ListedNotification */

const states = [
  'WAIT_FOR_DISPATCH',
  'SENT',
  'ERROR',
  'EXPIRED',
  'CANCELLED',
  'BLOCKED',
  'RECIPIENTS_NOT_FOUND',
]

/**
 * A tenant's notifications, the latest first; their deliveries stand in the event's story.
 *
 * @param {{ cell: string, tenant: string, words: Words }} props
 */
export function NotificationsView({ cell, tenant, words }) {
  const { text, time } = words
  const [state, setState] = useState('')
  const query = new URLSearchParams({ tenant, ...(state !== '' && { state }) })
  /** @type {[import('./server.js').Asked<{ notifications: readonly ListedNotification[] }>, () => void]} */
  const [asked, again] = useAsked(tenant === '' ? undefined : `/api/${cell}/notifications?${query}`)
  if (tenant === '') return html`<p>${text.chooseTenant}</p>`
  const listed = asked.state === 'here' ? asked.value.notifications : []
  const options = [['', text.everyState], ...states.map((name) => [name, words.state(name)])]
  const head = [text.when, text.state, text.type, text.person, text.channel, text.tries, text.event]
  return html`<div class="bar">
      <${Choice} id="state" label=${text.state} value=${state} options=${options} onChange=${setState} />
      <button type="button" onClick=${again}>${text.again}</button>
    </div>
    <${Waiting} asked=${asked} busy=${text.loading} />
    ${asked.state === 'here' && listed.length === 0 && html`<p>${text.noneThere}</p>`}
    ${
      listed.length > 0 &&
      html`<${Table} caption=${text.notifications} head=${head}>
        ${listed.map(
          (
            one,
          ) => html`<tr key=${`${one.eventId} ${one.notificationId}`} class=${one.state === 'ERROR' ? 'red' : ''}>
            <td>${time(one.createdAt)}</td>
            <td>${words.state(one.state)}${one.reason && `: ${one.reason}`}</td>
            <td>${one.eventType}</td>
            <td>${one.username}</td>
            <td>${one.channel}</td>
            <td>${one.attempts}</td>
            <td><a href=${searchAddress(one.eventId)}>${one.eventId}</a></td>
          </tr>`,
        )}
      <//>`
    }`
}
