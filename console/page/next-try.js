import { useEffect, useState } from 'preact/hooks'
import { html, Time } from './dom.js'

/** @typedef {import('./texts.js').Words} Words */

/**
 * When it is tried next, and in how long.
 *
 * @param {{ at: string | undefined, words: Words }} props no time if it is not on record
 */
export function NextTry({ at, words }) {
  const { text, fill, lasting } = words
  const now = useSeconds(at !== undefined)
  if (at === undefined) return '—'
  const left = Math.ceil((Date.parse(at) - now) / 1000) * 1000
  return html`<${Time} at=${at} words=${words} />
    <span class="why">${left > 0 ? fill(text.inTime, { left: lasting(left) }) : text.due}</span>`
}

/**
 * The time, second by second.
 *
 * @param {boolean} isWanted
 */
function useSeconds(isWanted) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isWanted) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [isWanted])
  return now
}
