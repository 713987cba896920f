import htm from 'htm'
import { h } from 'preact'

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
 * @param {{ id: string, label: string, value: string, onChange: (value: string) => void,
 *   options: readonly (readonly [value: string, text: string])[] }} props
 */
export function Choice({ id, label, value, options, onChange }) {
  const changed = (/** @type {Event} */ { currentTarget }) =>
    onChange(/** @type {HTMLSelectElement} */ (currentTarget).value)
  return html`<label for=${id}>${label}
    <select id=${id} value=${value} onChange=${changed}>
      ${options.map(([name, text]) => html`<option value=${name}>${text}</option>`)}
    </select>
  </label>`
}

/**
 * A time in the reader's zone; the hint has the full one.
 *
 * @param {{ at: string, words: Words }} props
 */
export function Time({ at, words }) {
  return html`<time datetime=${at} title=${at}>${words.time(at)}</time>`
}

/**
 * The state of a request: loading or failed.
 *
 * @param {{ asked: import('./server.js').Asked<unknown>, words: Words }} props
 */
export function Waiting({ asked, words }) {
  const { text } = words
  return html`<div role="status">${asked.busy && html`<p class="dim">${text.loading}</p>`}</div>
    ${asked.state === 'failed' && html`<p class="fault" role="alert" title=${asked.message}>${failure(asked, words)}</p>`}`
}

/**
 * An error in the page's words, if it has words for it.
 *
 * @param {{ message?: string, kind?: import('./server.js').FaultKind }} asked
 * @param {Words} words
 */
function failure({ message, kind }, { text, fill }) {
  if (message === undefined) return text.lost
  return kind === undefined || kind === 'failed'
    ? message
    : fill(text.troubles.unknown, { text: text.faults[kind] })
}
