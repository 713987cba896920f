import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { html } from './dom.js'

/** Milliseconds after the last key: each filter is asked of the server. */
const pause = 400

/**
 * A field that applies what is typed by itself, a moment after the last key, or at once with Enter.
 *
 * @param {{ value: string, onTyped: (text: string) => void, onApply: (text: string) => void,
 *   [attribute: string]: unknown }} props `value` is what applies; `onTyped` is told at once
 */
export function TypedField({ value, onTyped, onApply, ...attributes }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null))
  const applied = useRef(/** @type {string | undefined} */ (undefined))
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined))
  useLayoutEffect(() => {
    // What was typed here stays as it was typed; what was chosen elsewhere comes into the field.
    if (value === applied.current || !input.current) return
    clearTimeout(timer.current)
    applied.current = value
    input.current.value = value
    onTyped(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const apply = () => {
    clearTimeout(timer.current)
    const text = textIn(input.current)
    if (text === applied.current) return
    applied.current = text
    onApply(text)
  }
  const typed = () => {
    clearTimeout(timer.current)
    onTyped(textIn(input.current))
    timer.current = setTimeout(apply, pause)
  }
  return html`<input ref=${input} ...${attributes} onInput=${typed} onChange=${apply} />`
}

/** @param {HTMLInputElement | null} input */
function textIn(input) {
  return input?.value.trim() ?? ''
}
