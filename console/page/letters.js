import { useRef, useState } from 'preact/hooks'
import { html, Table, Waiting } from './dom.js'
import { searchAddress } from './live.js'
import { ask, useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/letters.ts').ListedLetter} ListedLetter */

const keyOf = (/** @type {ListedLetter} */ { queue, messageId }) => `${queue} ${messageId}`

/**
 * What could not be handled, delivered or bridged, and the way back.
 *
 * @param {{ cell: string, tenant: string, allowRepair: boolean, words: Words }} props
 */
export function LettersView({ cell, tenant, allowRepair, words }) {
  const { text, fill } = words
  /** @type {[import('./server.js').Asked<{ letters: ListedLetter[], more: boolean }>, () => void]} */
  const [asked, again] = useAsked(`/api/${cell}/letters`)
  const [chosen, setChosen] = useState(/** @type {ReadonlySet<string>} */ (new Set()))
  const [said, setSaid] = useState('')
  const all = asked.state === 'here' ? asked.value.letters : []
  const letters = all.filter((letter) => tenant === '' || letter.tenant === tenant)
  const meant = letters.filter((letter) => chosen.has(keyOf(letter)))
  const choose = (/** @type {readonly ListedLetter[]} */ some, wanted = true) => {
    const others = [...chosen].filter((key) => !some.some((letter) => keyOf(letter) === key))
    setChosen(new Set([...others, ...(wanted ? some.map(keyOf) : [])]))
  }
  const sendBack = async () => {
    setSaid(text.loading)
    try {
      const body = JSON.stringify({
        letters: meant.map(({ queue, messageId }) => ({ queue, messageId })),
      })
      const headers = { 'content-type': 'application/json' }
      const { done } = await ask(`/api/${cell}/redrive`, { method: 'POST', headers, body })
      setSaid(fill(text.sentBack, { count: done }))
    } catch (error) {
      setSaid(/** @type {Error} */ (error).message)
    }
    setChosen(new Set())
    again()
  }
  return html`<div class="bar">
      <button type="button" onClick=${again}>${text.again}</button>
      ${
        allowRepair
          ? html`<${SendBack} count=${meant.length} words=${words} onYes=${sendBack} />`
          : html`<span class="dim">${text.readOnly}</span>`
      }
      <span role="status">${said}</span>
    </div>
    <${Waiting} asked=${asked} busy=${text.loading} />
    ${asked.state === 'here' && letters.length === 0 && html`<p>${text.nothingRests}</p>`}
    ${asked.state === 'here' && asked.value.more && html`<p class="dim">${text.more}</p>`}
    ${letters.length > 0 && html`<${Groups} ...${{ letters, choose, allowRepair, words }} />`}
    ${letters.length > 0 && html`<${Letters} ...${{ letters, chosen, choose, allowRepair, words }} />`}`
}

/** @param {{ count: number, words: Words, onYes: () => void }} props */
function SendBack({ count, words, onYes }) {
  const { text, fill } = words
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const close = () => dialog.current?.close()
  const yes = () => {
    close()
    onYes()
  }
  return html`<button type="button" class="main" disabled=${count === 0}
      onClick=${() => dialog.current?.showModal()}>${text.sendBack}</button>
    <span class="dim">${fill(text.chosen, { count })}</span>
    <dialog ref=${dialog} aria-labelledby="sure">
      <p id="sure">${fill(text.sure, { count })}</p>
      <button type="button" class="main" onClick=${yes}>${text.yes}</button>
      <button type="button" onClick=${close}>${text.no}</button>
    </dialog>`
}

/** @typedef {(some: readonly ListedLetter[], wanted?: boolean) => void} Choose */

/** @param {{ letters: readonly ListedLetter[], choose: Choose, allowRepair: boolean, words: Words }} props */
function Groups({ letters, choose, allowRepair, words }) {
  const { text } = words
  const partsOf = (/** @type {ListedLetter} */ { tenant, type, reason }) =>
    [tenant, type, reason].map((part) => part ?? text.unknown)
  const groups = [...Map.groupBy(letters, (letter) => JSON.stringify(partsOf(letter)))]
  const head = [
    text.count,
    text.tenant,
    text.type,
    text.reason,
    ...(allowRepair ? [text.choose] : []),
  ]
  return html`<h2>${text.groups}</h2>
    <${Table} caption=${text.groups} head=${head}>
      ${groups.map(
        ([key, members]) => html`<tr key=${key}>
          <td>${members.length}</td>
          ${JSON.parse(key).map((/** @type {string} */ part) => html`<td>${part}</td>`)}
          ${
            allowRepair &&
            html`<td><button type="button" aria-label=${`${text.choose} ${JSON.parse(key).join(', ')}`}
              onClick=${() => choose(members)}>${text.choose}</button></td>`
          }
        </tr>`,
      )}
    <//>`
}

/**
 * @param {{ letters: readonly ListedLetter[], chosen: ReadonlySet<string>, choose: Choose,
 *   allowRepair: boolean, words: Words }} props
 */
function Letters({ letters, chosen, choose, allowRepair, words }) {
  const { text, time } = words
  const head = [text.when, text.tenant, text.type, text.reason, text.queue, text.message]
  return html`<h2>${text.letters}</h2>
    <${Table} caption=${text.letters} head=${allowRepair ? [text.choose, ...head] : head}>
      ${letters.map((letter) => {
        const { sentAt, tenant, type, reason, queue, body, messageId, eventId } = letter
        const name = eventId ?? messageId
        const toggle = (/** @type {Event} */ { currentTarget }) =>
          choose([letter], /** @type {HTMLInputElement} */ (currentTarget).checked)
        return html`<tr key=${keyOf(letter)}>
          ${
            allowRepair &&
            html`<td><input type="checkbox" aria-label=${`${text.choose} ${name}`}
              checked=${chosen.has(keyOf(letter))} onChange=${toggle} /></td>`
          }
          <td>${time(sentAt)}</td><td>${tenant}</td><td>${type}</td><td>${reason ?? text.noReason}</td><td>${queue}</td>
          <td>
            ${eventId ? html`<a href=${searchAddress(eventId)}>${eventId}</a>` : messageId}
            <details><summary>${text.message}</summary><pre tabindex="0">${indented(body)}</pre></details>
          </td>
        </tr>`
      })}
    <//>`
}

/** @param {string} body as it is, or indented where it is JSON */
function indented(body) {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    return body
  }
}
