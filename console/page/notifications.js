import { useState } from 'preact/hooks'
import { Choice, html, Table, Time, Waiting } from './dom.js'
import { searchAddress } from './live.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/operations/notification-listing.ts').ListedNotification} ListedNotification */

const states = [
  'WAIT_FOR_DISPATCH',
  'SENT',
  'UNCERTAIN',
  'ERROR',
  'EXPIRED',
  'CANCELLED',
  'BLOCKED',
  'RECIPIENTS_NOT_FOUND',
]

/**
 * A tenant's notifications, the newest first; the event's story has their deliveries.
 *
 * @param {{ cell: string, tenant: string, words: Words }} props
 */
export function NotificationsView({ cell, tenant, words }) {
  const { text, number } = words
  const [state, setState] = useState('')
  const query = new URLSearchParams({ tenant, ...(state !== '' && { state }) })
  /** @type {[import('./server.js').Asked<{ notifications: readonly ListedNotification[] }>, () => void]} */
  const [asked, again] = useAsked(tenant === '' ? undefined : `/api/${cell}/notifications?${query}`)
  if (tenant === '') return html`<p class="empty">${text.chooseTenant}</p>`
  const listed = asked.state === 'here' ? asked.value.notifications : []
  const options = [['', text.everyState], ...states.map((name) => [name, words.state(name)])]
  const head = [text.when, text.state, text.type, text.person, text.channel, text.tries, text.event]
  const rows = listed.map((one) => ({
    key: `${one.eventId} ${one.notificationId}`,
    level: one.state === 'ERROR' ? 'red' : '',
    cells: [
      html`<${Time} at=${one.createdAt} words=${words} />`,
      words.state(one.state) + (one.reason ? `: ${one.reason}` : ''),
      one.eventType,
      one.username,
      one.channel,
      one.attempts === undefined ? '' : number(one.attempts),
      html`<a href=${searchAddress(one.eventId)}>${one.eventId}</a>`,
    ],
  }))
  return html`<div class="bar">
      <${Choice} id="state" label=${text.state} value=${state} options=${options} onChange=${setState} />
      <button type="button" onClick=${again}>${text.again}</button>
    </div>
    <${Waiting} asked=${asked} words=${words} />
    ${asked.state === 'here' && listed.length === 0 && html`<p class="empty">${text.noneThere}</p>`}
    ${listed.length > 0 && html`<${Table} caption=${text.notifications} head=${head} rows=${rows} />`}`
}
