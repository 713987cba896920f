import { html, Table, Time } from './dom.js'
import { eventAddress } from './place.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/shelf-view.ts').ShelfRow} ShelfRow */

export const keyOf = (/** @type {ShelfRow} */ { queue, messageId }) => `${queue} ${messageId}`

/**
 * The letters of a page. Beside an open one the list has half the width: it leaves out what the open one shows.
 *
 * @param {{ letters: readonly ShelfRow[], open: ShelfRow | undefined, onOpen: (letter?: ShelfRow) => void,
 *   chosen: ReadonlyMap<string, ShelfRow>, setChosen: (chosen: ReadonlyMap<string, ShelfRow>) => void,
 *   allowRepair: boolean, words: Words }} props
 */
export function LetterList({ letters, open, onOpen, chosen, setChosen, allowRepair, words }) {
  const { text } = words
  const rows = letters.map((letter) => {
    const { sentAt, tenant, type, messageId, eventId } = letter
    const key = keyOf(letter)
    const isOpen = open !== undefined && keyOf(open) === key
    const toggle = (/** @type {Event} */ { currentTarget }) => {
      const isWanted = /** @type {HTMLInputElement} */ (currentTarget).checked
      const others = [...chosen].filter(([one]) => one !== key)
      setChosen(new Map(isWanted ? [...others, [key, letter]] : others))
    }
    const box = html`<input type="checkbox" aria-label=${`${text.choose} ${eventId ?? messageId}`}
      checked=${chosen.has(key)} onChange=${toggle} />`
    const read = html`<button type="button" aria-expanded=${isOpen}
      onClick=${() => onOpen(isOpen ? undefined : letter)}>${text.read}</button>`
    const link = eventId ? html`<a href=${eventAddress(eventId, tenant)}>${eventId}</a>` : messageId
    const event = html`<span class="cut" title=${eventId ?? messageId}>${link}</span>`
    const name = tenant && html`<span class="whole" title=${tenant}>${tenant}</span>`
    const when = html`<${Time} at=${sentAt} words=${words} />`
    const cells = [
      when,
      name,
      type,
      reasonIn(letter) ?? text.noReason,
      ...(open ? [] : [event]),
      read,
    ]
    return { key, level: isOpen ? 'chosen' : '', cells: allowRepair ? [box, ...cells] : cells }
  })
  const head = [
    ...(allowRepair ? [text.choose] : []),
    ...[words.inZone(text.when), text.tenant, text.type, text.reason],
    ...(open ? [] : [text.event]),
    text.message,
  ]
  return rows.length > 0 && html`<${Table} caption=${text.letters} head=${head} rows=${rows} />`
}

/**
 * The reason without the id of the event, which has a column of its own.
 *
 * @param {Pick<ShelfRow, 'reason' | 'eventId'>} letter
 */
export function reasonIn({ reason, eventId }) {
  return eventId
    ? reason
        ?.replace(eventId, '')
        .trim()
        .replace(/[:;,]$/, '')
    : reason
}
