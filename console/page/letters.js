import { useEffect, useRef, useState } from 'preact/hooks'
import { Copy, Field, html, Table, Time, Waiting } from './dom.js'
import { groupOf, LetterGroups } from './letter-groups.js'
import { addressOf, eventAddress } from './place.js'
import { readable } from './readable.js'
import { Redrive } from './redrive.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('../server/letters.ts').ListedLetter} ListedLetter */
/** @typedef {import('../server/letters.ts').Listing} Listing */
/** @typedef {(some: readonly ListedLetter[], wanted?: boolean) => void} Choose */

const keyOf = (/** @type {ListedLetter} */ { queue, messageId }) => `${queue} ${messageId}`

/** Letters on a page of the list. */
const pageSize = 50

/** Letters that are read from each queue, at first and on demand. */
const depths = ['200', '1000', '5000']

/**
 * Dead letters and the quarantine: by cause, as a list beside one that is read, and with the way back.
 *
 * @param {{ page: Page, place: Place, words: Words }} props
 */
export function LettersView({ page: { cell, tenant, allowRepair }, place: { query }, words }) {
  const { text, fill, fault } = words
  const depth = query['depth'] ?? depths[0] ?? ''
  /** @type {[import('./server.js').Asked<Listing>, () => void]} */
  const [asked, again] = useAsked(`/api/${cell}/letters?${new URLSearchParams({ limit: depth })}`)
  const [chosen, setChosen] = useState(/** @type {ReadonlySet<string>} */ (new Set()))
  const [sought, setSought] = useState('')
  const { letters: all, more, problems } = asked.state === 'here' ? asked.value : nothing
  // A letter without a tenant may be anyone's.
  const mine = all.filter((one) => tenant === '' || (one.tenant ?? tenant) === tenant)
  const group = query['group'] ?? ''
  const letters = mine
    .filter((one) => group === '' || groupOf(one) === group)
    .filter((one) => sought === '' || hasText(one, sought))
  const meant = mine.filter((letter) => chosen.has(keyOf(letter)))
  /** @type {Choose} */
  const choose = (some, wanted = true) => {
    const others = [...chosen].filter((key) => !some.some((letter) => keyOf(letter) === key))
    setChosen(new Set([...others, ...(wanted ? some.map(keyOf) : [])]))
  }
  const over = () => {
    setChosen(new Set())
    again()
  }
  const allChosen = letters.length > 0 && letters.every((letter) => chosen.has(keyOf(letter)))
  const deeper = more && depths[depths.indexOf(depth) + 1]
  const shared = { chosen, choose, allowRepair, words }
  return html`<div class="bar">
      <button type="button" onClick=${again}>${text.again}</button>
      ${deeper && html`<a class="button" href=${addressOf('letters', '', { ...query, depth: deeper })}>${fill(text.readMore, { count: Number(deeper) })}</a>`}
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
    ${asked.state === 'here' && mine.length === 0 && problems.length === 0 && html`<p class="empty">${text.nothingRests}</p>`}
    ${more && html`<p class="dim">${text.more}</p>`}
    ${mine.length > 0 && html`<${LetterGroups} ...${{ letters: mine, group, more, query, ...shared }} />`}
    ${group !== '' && asked.state === 'here' && !mine.some((one) => groupOf(one) === group) && html`<p class="empty">${text.groupGone} <a href=${addressOf('letters', '', { ...query, group: '' })}>${text.showAll}</a></p>`}
    ${
      mine.length > 0 &&
      html`<${Letters} key=${group} ...${{ letters, sought, onSought: setSought, ...shared }} />`
    }`
}

/** @type {Listing} */
const nothing = { letters: [], more: false, problems: [] }

/**
 * @param {ListedLetter} letter
 * @param {string} sought
 */
function hasText(letter, sought) {
  return [...Object.values(letter), readable(letter)]
    .join('\n')
    .toLowerCase()
    .includes(sought.toLowerCase())
}

/**
 * @param {{ letters: readonly ListedLetter[], sought: string, onSought: (text: string) => void,
 *   chosen: ReadonlySet<string>, choose: Choose, allowRepair: boolean, words: Words }} props
 */
function Letters({ letters, sought, onSought, chosen, choose, allowRepair, words }) {
  const { text, fill } = words
  const [asked, setStart] = useState(0)
  // Letters that were sent back are gone.
  const start = asked < letters.length ? asked : 0
  const [open, setOpen] = useState('')
  const one = letters.find((letter) => keyOf(letter) === open)
  const shown = letters.slice(start, start + pageSize)
  const head = [text.when, text.tenant, text.type, text.reason, text.event, text.message]
  const rows = shown.map((letter) => {
    const { sentAt, tenant, type, reason, messageId, eventId } = letter
    const key = keyOf(letter)
    const toggle = (/** @type {Event} */ { currentTarget }) =>
      choose([letter], /** @type {HTMLInputElement} */ (currentTarget).checked)
    const box = html`<input type="checkbox" aria-label=${`${text.choose} ${eventId ?? messageId}`}
      checked=${chosen.has(key)} onChange=${toggle} />`
    const read = html`<button type="button" aria-expanded=${key === open}
      onClick=${() => setOpen(key === open ? '' : key)}>${text.read}</button>`
    const link = eventId ? html`<a href=${eventAddress(eventId, tenant)}>${eventId}</a>` : messageId
    const event = html`<span class="cut" title=${eventId ?? messageId}>${link}</span>`
    const when = html`<${Time} at=${sentAt} words=${words} />`
    const cells = [when, tenant, type, reason ?? text.noReason, event, read]
    return {
      key,
      level: key === open ? 'chosen' : '',
      cells: allowRepair ? [box, ...cells] : cells,
    }
  })
  const seek = (/** @type {Event} */ { currentTarget }) => {
    setStart(0)
    onSought(/** @type {HTMLInputElement} */ (currentTarget).value.trim())
  }
  return html`<div class="bar">
      <h2>${text.letters}</h2>
      <label for="letter-text">${text.contains}
        <${Field} id="letter-text" type="search" maxlength="300" value=${sought} onChange=${seek} /></label>
      <span class="dim" role="status">${fill(text.progress, { done: shown.length, wanted: letters.length })}</span>
      ${start > 0 && html`<button type="button" onClick=${() => setStart(start - pageSize)}>${text.newer}</button>`}
      ${start + pageSize < letters.length && html`<button type="button" onClick=${() => setStart(start + pageSize)}>${text.older}</button>`}
    </div>
    <div class=${one ? 'beside' : ''}>
      <div class="list">
        <${Table} caption=${text.letters} head=${allowRepair ? [text.choose, ...head] : head} rows=${rows} />
      </div>
      ${one && html`<${Letter} key=${open} letter=${one} words=${words} onClose=${() => setOpen('')} />`}
    </div>`
}

/**
 * One letter, decoded.
 *
 * @param {{ letter: ListedLetter, words: Words, onClose: () => void }} props
 */
function Letter({ letter, words, onClose }) {
  const { text, fill } = words
  const section = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => section.current?.focus(), [])
  const body = readable(letter)
  const { queue, sentAt, reason, messageId } = letter
  const facts = [
    [text.queue, queue],
    [text.reason, reason ?? text.noReason],
    [text.when, html`<${Time} at=${sentAt} words=${words} />`],
    ['Id', messageId],
  ]
  return html`<section class="message letter" ref=${section} tabindex="-1" aria-label=${text.message}>
    <div class="bar">
      <h3>${text.message}</h3>
      <${Copy} text=${body} label=${text.copy} words=${words}>${text.copy}<//>
      <button type="button" onClick=${onClose}>${text.close}</button>
    </div>
    <dl class="headers">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    ${letter.isCut && html`<p class="fault">${fill(text.cutBody, { id: messageId })}</p>`}
    <pre class="text" tabindex="0">${body}</pre>
  </section>`
}
