import { useEffect, useRef, useState } from 'preact/hooks'
import { Field, html } from './dom.js'
import { addressOf } from './place.js'

/** @typedef {import('./texts.js').Words} Words */

/** Where the key "/" leads. */
const fieldIds = ['seek', 'search-words']

/**
 * A search from every view: any words of a notification, of all tenants or of the chosen one.
 *
 * @param {{ kept: Readonly<Record<string, string | undefined>>, words: Words }} props
 */
export function Seek({ kept, words: { text } }) {
  const isNarrow = useNarrow()
  const long = kept['tenant'] ? text.seekIn.replace('{tenant}', kept['tenant']) : text.seekAll
  const form = useRef(/** @type {HTMLFormElement | null} */ (null))
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault()
    const words = String(new FormData(form.current ?? undefined).get('words') ?? '').trim()
    if (words !== '') location.hash = addressOf('search', '', { ...kept, words })
  }
  return html`<form role="search" class="seek" ref=${form} onSubmit=${submit}>
    <label class="hidden" for="seek">${text.seek}</label>
    <${Field} id="seek" name="words" type="search" enterkeyhint="search" maxlength="300" autocapitalize="off" value=""
      placeholder=${isNarrow ? text.seekShort : long} />
    <button type="submit">${text.find}</button>
  </form>`
}

const narrow = '(max-width: 50rem)'

/** Whether the window is as narrow as a phone, where the field is short. */
function useNarrow() {
  const [isNarrow, setNarrow] = useState(() => matchMedia(narrow).matches)
  useEffect(() => {
    const query = matchMedia(narrow)
    const changed = () => setNarrow(query.matches)
    query.addEventListener('change', changed)
    return () => query.removeEventListener('change', changed)
  }, [])
  return isNarrow
}

/** The key "/" goes to the search field, as in most tools of this kind. */
export function useSeekKey() {
  useEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      const { key, target, ctrlKey, metaKey, altKey } = event
      const isTyping =
        target instanceof Element && target.closest('input, select, textarea, dialog')
      if (key !== '/' || isTyping || ctrlKey || metaKey || altKey) return
      event.preventDefault()
      const found = fieldIds.map((id) => document.getElementById(id)).find((one) => one !== null)
      if (found instanceof HTMLInputElement) found.select()
      found?.focus()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
}
