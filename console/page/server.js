import { useCallback, useEffect, useState } from 'preact/hooks'

/**
 * @template T
 * @typedef {{ busy: boolean } & ({ state: 'asked' } | { state: 'failed', message?: string, code?: string, kind?: FaultKind } |
 *   { state: 'here', value: T })} Asked `busy` while a request is under way; no
 *   `message` if the server did not answer
 */

/** A refusal of the server; `status` 0 and no message if it did not answer. */
/** @typedef {{ status: number, message?: string, code?: string, kind?: FaultKind }} Refusal */
/** @typedef {import('../server/fault.ts').FaultKind} FaultKind */

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<Response>} a successful one: others are thrown as a Refusal
 */
async function answerOf(path, init) {
  const response = await fetch(path, init).catch(() => undefined)
  if (response?.ok) return response
  if (!response) throw { status: 0 }
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  const { message, code, kind } = isJson ? JSON.parse(text) : { message: text }
  throw { status: response.status, message, code, kind }
}

/** @param {string} path */
async function ask(path) {
  return (await answerOf(path)).json()
}

/**
 * Asks the server to change something.
 *
 * @param {string} path
 * @param {object} order
 */
export async function post(path, order) {
  const headers = { 'content-type': 'application/json' }
  return (await answerOf(path, { method: 'POST', headers, body: JSON.stringify(order) })).json()
}

/**
 * Streams an answer that has one JSON document per line.
 *
 * @param {string} path
 * @param {RequestInit} init
 * @returns {AsyncGenerator<import('../server/streams.ts').RedriveLine>}
 */
export async function* lines(path, init) {
  const { body } = await answerOf(path, init)
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const parts = (rest + read.value).split('\n')
    rest = parts.pop() ?? ''
    yield* parts.map((line) => JSON.parse(line))
  }
}

/**
 * Asks the server, and again when the path changes or `again` is called. The last answer stays until
 * the next one. Without a path it asks nothing.
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
      ({ message, code, kind }) => answered({ state: 'failed', message, code, kind, busy: false }),
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
const maxKept = 500

/** Milliseconds until a reconnect that the browser does not do by itself. */
const retryDelay = 3_000

/**
 * The live picture of a cell. `lost`: the server does not answer, or it was restarted with another token.
 *
 * @param {string} cell
 * @returns {{ picture?: Picture, passed: readonly PassingEvent[], lost?: 'silent' | 'refused' }} the newest first
 */
export function useLive(cell) {
  const [live, setLive] = useState(/** @type {ReturnType<typeof useLive>} */ ({ passed: [] }))
  useEffect(() => {
    /** @type {EventSource} */
    let source
    /** @type {ReturnType<typeof setTimeout>} */
    let timer
    const connect = () => {
      source = new EventSource(`/api/${cell}/live`)
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
          return { picture, passed: [...latest, ...known].slice(0, maxKept) }
        })
      })
      source.onerror = () => {
        const isClosed = source.readyState === EventSource.CLOSED
        setLive((last) => ({ ...last, lost: isClosed ? 'refused' : 'silent' }))
        if (isClosed) timer = setTimeout(connect, retryDelay)
      }
    }
    connect()
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [cell])
  return live
}
