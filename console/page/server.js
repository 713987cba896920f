import { useCallback, useEffect, useState } from 'preact/hooks'

/**
 * @template T
 * @typedef {{ busy: boolean } & ({ state: 'asked' } | { state: 'failed', message: string } |
 *   { state: 'here', value: T })} Asked `busy` while an answer is on its way
 */

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
export async function ask(path, init) {
  const response = await fetch(path, init)
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  const body = isJson ? await response.json() : { message: await response.text() }
  if (!response.ok) throw new Error(body.message || String(response.status))
  return body
}

/**
 * Asks the server, again when the path is another or `again` is called: until there is an answer what
 * was there stays. Without a path it asks nothing.
 *
 * @template T
 * @param {string | undefined} path
 * @returns {[Asked<T>, () => void]}
 */
export function useAsked(path) {
  /** @typedef {{ of?: string, asked: Asked<T> }} Kept */
  const nothing = /** @type {Kept} */ ({ asked: { state: 'asked', busy: path !== undefined } })
  const [kept, setKept] = useState(nothing)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (path === undefined) return
    let meant = true
    const answered = (/** @type {Asked<T>} */ asked) => {
      if (meant) setKept({ of: path, asked })
    }
    setKept((last) => ({
      of: path,
      asked: { ...(last.of === path ? last : nothing).asked, busy: true },
    }))
    ask(path).then(
      (value) => answered({ state: 'here', value, busy: false }),
      (error) => answered({ state: 'failed', message: error.message, busy: false }),
    )
    return () => {
      meant = false
    }
  }, [path, turn])
  const again = useCallback(() => setTurn((last) => last + 1), [])
  return [kept.of === path ? kept.asked : nothing.asked, again]
}

/** @typedef {import('../server/live.ts').Seen} Seen */
/** @typedef {import('../server/passing.ts').PassingEvent} PassingEvent */
/** @typedef {import('../server/picture.ts').Picture} Picture */

/** Events that the page keeps. */
const mostKept = 500

/**
 * The cell as it goes on.
 *
 * @param {string} cell
 * @returns {{ picture?: Picture, passed: readonly PassingEvent[], lost: boolean }} the latest first
 */
export function useLive(cell) {
  const [live, setLive] = useState(
    /** @type {ReturnType<typeof useLive>} */ ({ passed: [], lost: false }),
  )
  useEffect(() => {
    const source = new EventSource(`/api/${cell}/live`)
    let starts = true
    source.onopen = () => {
      starts = true
    }
    source.addEventListener('seen', ({ data }) => {
      const { picture, passed } = /** @type {Seen} */ (JSON.parse(data))
      const latest = passed.toReversed()
      const first = starts
      starts = false
      setLive((last) => {
        const known = first ? [] : last.passed
        return { picture, passed: [...latest, ...known].slice(0, mostKept), lost: false }
      })
    })
    source.onerror = () => setLive((last) => ({ ...last, lost: true }))
    return () => source.close()
  }, [cell])
  return live
}
