import { useState } from 'preact/hooks'
import { Action } from './actions.js'
import { Choice, Field, html, Table, Waiting } from './dom.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('../../lib/notifications/subscriptions/entry.ts').SubscriptionEntry} SubscriptionEntry */
/** @typedef {import('../server/repairs.ts').RepairOrder} RepairOrder */
/** @typedef {Extract<RepairOrder, { action: 'test' }>} Test */
/** @typedef {{ who?: string | undefined, type: string, channel: Test['channel'], address: string, off?: string | undefined }} Row */

/**
 * A tenant's subscriptions: person, event type, channel and address; with what an operator may do to an address.
 *
 * @param {{ page: Page, words: Words }} props
 */
export function SubscriptionsView({ page, words }) {
  const { cell, tenant, allowRepair } = page
  const { text, fill } = words
  /** @type {[import('./server.js').Asked<{ subscriptions: readonly SubscriptionEntry[] }>, () => void]} */
  const [asked, again] = useAsked(
    tenant === '' ? undefined : `/api/${cell}/subscriptions?${new URLSearchParams({ tenant })}`,
  )
  if (tenant === '') return html`<p class="empty">${text.chooseTenant}</p>`
  const actions = asked.state === 'here' ? asked.value.subscriptions.flatMap(actionsOf) : []
  const rows = actions.map((row, at) => {
    const { who, type, channel, address, off } = row
    const cells = [
      who ?? text.everyone,
      type,
      channel,
      address + (off === undefined ? '' : ` (${fill(text.off, { reason: off })})`),
    ]
    const change = html`<${Switch} ...${{ page, row, words, onDone: again }} />`
    return {
      key: String(at),
      level: off === undefined ? '' : 'dim',
      cells: allowRepair ? [...cells, change] : cells,
    }
  })
  const types = [...new Set([firstType, ...actions.map(({ type }) => type)])]
  const head = [text.person, text.type, text.channel, text.address]
  return html`<div class="bar"><button type="button" onClick=${again}>${text.again}</button></div>
    ${allowRepair && html`<${SendTest} ...${{ page, types, words }} />`}
    <${Waiting} asked=${asked} words=${words} />
    ${asked.state === 'here' && rows.length === 0 && html`<p class="empty">${text.noneThere}</p>`}
    ${rows.length > 0 && html`<${Table} caption=${text.subscriptions} head=${allowRepair ? [...head, text.what] : head} rows=${rows} />`}`
}

/** @param {SubscriptionEntry} entry @returns {Row[]} */
function actionsOf(entry) {
  if (entry.of !== 'subscription') return []
  const { subscription } = entry
  const who = 'username' in subscription ? subscription.username : undefined
  return subscription.actions.map(({ channel, address, off }) => {
    return { who, type: subscription.eventType, channel, address, off: off?.reason }
  })
}

/**
 * Switches a person's address off or on; a rule's is nobody's own.
 *
 * @param {{ page: Page, row: Row, words: Words, onDone: () => void }} props
 */
function Switch({ page: { cell, tenant }, row, words, onDone }) {
  const { who: person, type, channel, address, off } = row
  if (person === undefined) return ''
  const action = off === undefined ? 'switch-off' : 'switch-on'
  const order = /** @type {const} */ ({ action, tenant, person, channel, address })
  const about = { username: person, tenant, channel, address }
  const will = action === 'switch-off' && channel === 'push' ? 'willRemove' : 'will'
  const label = [person, type, channel, address].join(', ')
  return html`<${Action} ...${{ cell, order, about, will, words, label, onDone }} />`
}

/** The type whose subscription gives the address of a test. */
const firstType = 'task.assign'

/** @param {{ page: Page, types: readonly string[], words: Words }} props */
function SendTest({ page: { cell, tenant, channels }, types, words }) {
  const { text } = words
  const [person, setPerson] = useState('')
  const [channel, setChannel] = useState(channels[0] ?? '')
  const [type, setType] = useState(firstType)
  const named = (/** @type {readonly string[]} */ names) =>
    names.map((name) => /** @type {const} */ ([name, name]))
  const typed = (/** @type {Event} */ { currentTarget }) =>
    setPerson(/** @type {HTMLInputElement} */ (currentTarget).value.trim().toLowerCase())
  const order = /** @type {Test} */ ({ action: 'test', tenant, person, channel, type })
  const about = { username: person, tenant, channel, type }
  return html`<div class="bar" role="group" aria-label=${text.acts.test.name}>
    <label for="test-person">${text.person}
      <${Field} id="test-person" type="search" maxlength="200" autocapitalize="off" spellcheck=${false} value="" onInput=${typed} /></label>
    <${Choice} id="test-channel" label=${text.channel} value=${channel} options=${named(channels)} onChange=${setChannel} />
    <${Choice} id="test-type" label=${text.type} value=${type} options=${named(types)} onChange=${setType} />
    ${person !== '' && html`<${Action} ...${{ cell, order, about, words }} />`}
  </div>`
}
