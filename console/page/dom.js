import htm from 'htm'
import { h } from 'preact'

/** JSX without a build. What stands in ${} becomes text, an attribute or a component: never HTML. */
export const html = htm.bind(h)

/** @typedef {import('preact').ComponentChildren} Children */

/**
 * A table that scrolls sideways on a narrow screen, also by keyboard.
 *
 * @param {{ caption: string, head: readonly string[], children?: Children }} props
 */
export function Table({ caption, head, children }) {
  return html`<div class="scroll" role="region" aria-label=${caption} tabindex="0">
    <table>
      <caption class="hidden">${caption}</caption>
      <thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${children}</tbody>
    </table>
  </div>`
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
 * What was asked for, once it is there.
 *
 * @param {{ asked: import('./server.js').Asked<unknown>, busy: string }} props
 */
export function Waiting({ asked, busy }) {
  return html`<div role="status">${asked.busy && html`<p class="dim">${busy}</p>`}</div>
    ${asked.state === 'failed' && html`<p class="fault" role="alert">${asked.message}</p>`}`
}
