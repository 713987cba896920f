import htm from 'htm'
import { h } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { saidReason } from './reason.js'

/** JSX without a build. Values in ${} become text, attributes or components, never HTML. */
export const html = htm.bind(h)

/** @typedef {import('preact').ComponentChildren} Children */
/** @typedef {import('./texts.js').Words} Words */

/** @typedef {{ key: string, level?: string, cells: readonly Children[] }} Row */

/**
 * A table; on a narrow screen each row is a card. The explicit roles survive that change of layout,
 * which makes some browsers drop the implicit ones.
 *
 * @param {{ caption: string, head: readonly string[], rows: readonly Row[] }} props
 */
export function Table({ caption, head, rows }) {
  return html`<table role="table">
    <caption class="hidden">${caption}</caption>
    <thead role="rowgroup">
      <tr role="row">${head.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        ({ key, level, cells }) => html`<tr role="row" key=${key} class=${level ?? ''}>
          ${cells.map((cell, at) => html`<td role="cell" data-label=${head[at]}>${cell}</td>`)}
        </tr>`,
      )}
    </tbody>
  </table>`
}

/**
 * @param {{ id: string, label: string, value: string, name?: string,
 *   onChange: (value: string, select: HTMLSelectElement) => void,
 *   options: readonly (readonly [value: string, text: string])[] }} props
 */
export function Choice({ id, label, value, options, name, onChange }) {
  const changed = (/** @type {Event} */ { currentTarget }) => {
    const select = /** @type {HTMLSelectElement} */ (currentTarget)
    onChange(select.value, select)
  }
  return html`<label for=${id}>${label}
    <select id=${id} name=${name} value=${value} onChange=${changed}>
      ${options.map(([name, text]) => html`<option value=${name}>${text}</option>`)}
    </select>
  </label>`
}

/**
 * A field to type in. It gets its value when that changes, and not at each look at the live system, which would
 * take away what somebody is typing.
 *
 * @param {{ value: string, [attribute: string]: unknown }} props
 */
export function Field({ value, ...attributes }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null))
  useLayoutEffect(() => {
    if (input.current) input.current.value = value
  }, [value])
  return html`<input ref=${input} ...${attributes} />`
}

/**
 * A time in the reader's zone; the hint has the full one.
 *
 * @param {{ at: string, as?: 'time' | 'clock' | 'dated', words: Words }} props
 */
export function Time({ at, as = 'time', words }) {
  return html`<time datetime=${at} title=${at}>${words[as](at)}</time>`
}

/** The look of each state: its colour, and a sign beside its word for readers who see no colours. */
const looks = /** @type {Readonly<Record<string, readonly [level: string, sign: string]>>} */ ({
  WAIT_FOR_DISPATCH: ['waits', '◷'],
  SENT: ['well', '✓'],
  UNCERTAIN: ['warn', '?'],
  ERROR: ['red', '✕'],
  EXPIRED: ['red', '⌛'],
  CANCELLED: ['dim', '–'],
  BLOCKED: ['dim', '⊘'],
  RECIPIENTS_NOT_FOUND: ['dim', '∅'],
  HANDLED: ['well', '✓'],
})

/**
 * A state as a coloured word, and why it is so.
 *
 * @param {{ state: string, reason?: string | undefined, words: Words }} props
 */
export function State({ state, reason, words }) {
  const [level, sign] = looks[state] ?? ['dim', '·']
  return html`<span class=${`pill ${level}`}><span aria-hidden="true">${sign}</span> ${words.state(state)}</span>
    ${reason && html`<span class="why">${saidReason(reason, words)}</span>`}`
}

const copySign = 'M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8z'
const copiedSign = 'M3 8.5l3.5 3.5L13 4.5'

/** Characters of an id that are shown. */
const shownOfId = 8

/**
 * The beginning of an id, and a button that copies the whole.
 *
 * @param {{ id: string, words: Words }} props
 */
export function Id({ id, words }) {
  const short = id.length > shownOfId + 4 ? `${id.slice(0, shownOfId)}…` : id
  return html`<span class="id"><code title=${id}>${short}</code><${Copy} text=${id} label=${`${words.text.copy} ${id}`} words=${words} /></span>`
}

/**
 * @param {{ text: string, label: string, words: Words, children?: Children }} props
 */
export function Copy({ text, label, words, children }) {
  const [isDone, setDone] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setDone(true)
  }
  return html`<button type="button" class=${children ? '' : 'copy'} aria-label=${children ? undefined : label}
    title=${isDone ? words.text.copied : label} onClick=${copy} onBlur=${() => setDone(false)}>
      ${children}${children ? (isDone ? ' ✓' : '') : html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d=${isDone ? copiedSign : copySign} /></svg>`}
    </button>`
}

/**
 * The state of a request: loading, of what if that has a name, or failed.
 *
 * @param {{ asked: import('./server.js').Asked<unknown>, what?: string, words: Words }} props
 */
export function Waiting({ asked, what, words }) {
  const { text, fill } = words
  const loading = what === undefined ? text.loading : fill(text.loadingWhat, { what })
  return html`<div role="status">
      ${asked.busy && html`<p class="dim">${loading}</p>`}
    </div>
    ${asked.state === 'failed' && html`<p class="fault" role="alert" title=${asked.message}>${failure(asked, words)}</p>`}`
}

/**
 * An error in the page's words, if it has words for it.
 *
 * @param {{ message?: string, code?: string, kind?: import('./server.js').FaultKind }} asked
 * @param {Words} words
 */
export function failure({ message, code = '', kind }, { text, fill }) {
  if (message === undefined) return text.lost
  if (code in text.errors) return text.errors[/** @type {keyof typeof text.errors} */ (code)]
  return kind === undefined || kind === 'failed'
    ? message
    : fill(text.troubles.unknown, { text: text.faults[kind] })
}
