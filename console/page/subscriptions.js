import { html, Table, Waiting } from './dom.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/notifications/subscriptions/entry.ts').SubscriptionEntry} SubscriptionEntry */

/**
 * A tenant's subscriptions: person, event type, channel and address.
 *
 * @param {{ cell: string, tenant: string, words: Words }} props
 */
export function SubscriptionsView({ cell, tenant, words }) {
  const { text, fill } = words
  /** @type {[import('./server.js').Asked<{ subscriptions: readonly SubscriptionEntry[] }>, () => void]} */
  const [asked, again] = useAsked(
    tenant === '' ? undefined : `/api/${cell}/subscriptions?${new URLSearchParams({ tenant })}`,
  )
  if (tenant === '') return html`<p class="empty">${text.chooseTenant}</p>`
  const actions = asked.state === 'here' ? asked.value.subscriptions.flatMap(actionsOf) : []
  const rows = actions.map(({ who, type, channel, address, off }, at) => ({
    key: String(at),
    level: off === undefined ? '' : 'dim',
    cells: [
      who ?? text.everyone,
      type,
      channel,
      address + (off === undefined ? '' : ` (${fill(text.off, { reason: off })})`),
    ],
  }))
  const head = [text.person, text.type, text.channel, text.address]
  return html`<div class="bar"><button type="button" onClick=${again}>${text.again}</button></div>
    <${Waiting} asked=${asked} words=${words} />
    ${asked.state === 'here' && rows.length === 0 && html`<p class="empty">${text.noneThere}</p>`}
    ${rows.length > 0 && html`<${Table} caption=${text.subscriptions} head=${head} rows=${rows} />`}`
}

/** @param {SubscriptionEntry} entry */
function actionsOf(entry) {
  if (entry.of !== 'subscription') return []
  const { subscription } = entry
  const who = 'username' in subscription ? subscription.username : undefined
  return subscription.actions.map(({ channel, address, off }) => {
    return { who, type: subscription.eventType, channel, address, off: off?.reason }
  })
}
