import { html, Table, Waiting } from './dom.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/aws/subscriptions-items.ts').Entry} Entry */

/**
 * Who of a tenant is told of what, and by which way.
 *
 * @param {{ cell: string, tenant: string, words: Words }} props
 */
export function SubscriptionsView({ cell, tenant, words }) {
  const { text, fill } = words
  /** @type {[import('./server.js').Asked<{ subscriptions: readonly Entry[] }>, () => void]} */
  const [asked, again] = useAsked(
    tenant === '' ? undefined : `/api/${cell}/subscriptions?${new URLSearchParams({ tenant })}`,
  )
  if (tenant === '') return html`<p>${text.chooseTenant}</p>`
  const rows = asked.state === 'here' ? asked.value.subscriptions.flatMap(rowsOf) : []
  return html`<div class="bar"><button type="button" onClick=${again}>${text.again}</button></div>
    <${Waiting} asked=${asked} busy=${text.loading} />
    ${asked.state === 'here' && rows.length === 0 && html`<p>${text.noneThere}</p>`}
    ${
      rows.length > 0 &&
      html`<${Table} caption=${text.subscriptions} head=${[text.person, text.type, text.channel, text.address]}>
        ${rows.map(
          ({
            who,
            type,
            channel,
            address,
            off,
          }) => html`<tr class=${off === undefined ? '' : 'dim'}>
            <td>${who ?? text.everyone}</td>
            <td>${type}</td>
            <td>${channel}</td>
            <td>${address}${off !== undefined && ` (${fill(text.off, { reason: off })})`}</td>
          </tr>`,
        )}
      <//>`
    }`
}

/** @param {Entry} entry */
function rowsOf(entry) {
  if (entry.of !== 'subscription') return []
  const { subscription } = entry
  const who = 'username' in subscription ? subscription.username : undefined
  return subscription.actions.map(({ channel, address, off }) => {
    return { who, type: subscription.eventType, channel, address, off: off?.reason }
  })
}
