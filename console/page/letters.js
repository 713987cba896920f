import { useState } from 'preact/hooks'
import { html, Table, Time, Waiting } from './dom.js'
import { eventAddress } from './place.js'
import { readable } from './readable.js'
import { Redrive } from './redrive.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/letters.ts').ListedLetter} ListedLetter */
/** @typedef {import('../server/letters.ts').Listing} Listing */
/** @typedef {(some: readonly ListedLetter[], wanted?: boolean) => void} Choose */

const keyOf = (/** @type {ListedLetter} */ { queue, messageId }) => `${queue} ${messageId}`

/**
 * Dead letters and the quarantine, with the way back.
 *
 * @param {{ cell: string, tenant: string, allowRepair: boolean, words: Words }} props
 */
export function LettersView({ cell, tenant, allowRepair, words }) {
  const { text, fill, fault } = words
  /** @type {[import('./server.js').Asked<Listing>, () => void]} */
  const [asked, again] = useAsked(`/api/${cell}/letters`)
  const [chosen, setChosen] = useState(/** @type {ReadonlySet<string>} */ (new Set()))
  const { letters: all, more, problems } = asked.state === 'here' ? asked.value : nothing
  // A letter without a tenant may be anyone's.
  const letters = all.filter((one) => tenant === '' || (one.tenant ?? tenant) === tenant)
  const meant = letters.filter((letter) => chosen.has(keyOf(letter)))
  /** @type {Choose} */
  const choose = (some, wanted = true) => {
    const others = [...chosen].filter((key) => !some.some((letter) => keyOf(letter) === key))
    setChosen(new Set([...others, ...(wanted ? some.map(keyOf) : [])]))
  }
  const over = () => {
    setChosen(new Set())
    again()
  }
  const allChosen = letters.length > 0 && meant.length === letters.length
  const shared = { letters, choose, allowRepair, words }
  return html`<div class="bar">
      <button type="button" onClick=${again}>${text.again}</button>
      ${
        allowRepair
          ? html`<button type="button" disabled=${letters.length === 0}
              onClick=${() => choose(letters, !allChosen)}>${allChosen ? text.chooseNone : text.chooseAll}</button>
            <${Redrive} ...${{ cell, letters: meant, words, onOver: over }} />`
          : html`<span class="dim">${text.readOnly}</span>`
      }
    </div>
    <${Waiting} asked=${asked} words=${words} />
    ${problems.map((problem) => html`<p class="fault" title=${problem.text}>${fill(text.troubles.unknown, { text: fault(problem) })}</p>`)}
    ${asked.state === 'here' && letters.length === 0 && problems.length === 0 && html`<p class="empty">${text.nothingRests}</p>`}
    ${more && html`<p class="dim">${text.more}</p>`}
    ${letters.length > 0 && html`<${Groups} ...${shared} />`}
    ${letters.length > 0 && html`<${Letters} ...${{ ...shared, chosen }} />`}`
}

/** @type {Listing} */
const nothing = { letters: [], more: false, problems: [] }

/** @param {{ letters: readonly ListedLetter[], choose: Choose, allowRepair: boolean, words: Words }} props */
function Groups({ letters, choose, allowRepair, words }) {
  const { text, number } = words
  const partsOf = (/** @type {ListedLetter} */ { tenant, type, cause }) =>
    [tenant, type, cause].map((part) => part ?? text.unknown)
  const groups = [...Map.groupBy(letters, (letter) => JSON.stringify(partsOf(letter)))]
  const head = [text.count, text.tenant, text.type, text.cause]
  const rows = groups.map(([key, members]) => {
    const parts = /** @type {string[]} */ (JSON.parse(key))
    const button = html`<button type="button" aria-label=${`${text.choose} ${parts.join(', ')}`}
      onClick=${() => choose(members)}>${text.choose}</button>`
    return { key, cells: [number(members.length), ...parts, ...(allowRepair ? [button] : [])] }
  })
  return html`<h2>${text.groups}</h2>
    <${Table} caption=${text.groups} head=${[...head, ...(allowRepair ? [text.choose] : [])]} rows=${rows} />`
}

/**
 * @param {{ letters: readonly ListedLetter[], chosen: ReadonlySet<string>, choose: Choose,
 *   allowRepair: boolean, words: Words }} props
 */
function Letters({ letters, chosen, choose, allowRepair, words }) {
  const { text } = words
  const head = [text.when, text.tenant, text.type, text.reason, text.queue, text.message]
  const rows = letters.map((letter) => {
    const { sentAt, tenant, type, reason, queue, messageId, eventId } = letter
    const toggle = (/** @type {Event} */ { currentTarget }) =>
      choose([letter], /** @type {HTMLInputElement} */ (currentTarget).checked)
    const box = html`<input type="checkbox" aria-label=${`${text.choose} ${eventId ?? messageId}`}
      checked=${chosen.has(keyOf(letter))} onChange=${toggle} />`
    const message = html`${eventId ? html`<a href=${eventAddress(eventId, tenant)}>${eventId}</a>` : messageId}
      <details><summary>${text.message}</summary><pre tabindex="0">${readable(letter)}</pre></details>`
    const when = html`<${Time} at=${sentAt} words=${words} />`
    const cells = [when, tenant, type, reason ?? text.noReason, queue, message]
    return { key: keyOf(letter), cells: allowRepair ? [box, ...cells] : cells }
  })
  return html`<h2>${text.letters}</h2>
    <${Table} caption=${text.letters} head=${allowRepair ? [text.choose, ...head] : head} rows=${rows} />`
}
