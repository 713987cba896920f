import { messageOf } from '../../lib/errors.ts'
import type { EventTap } from '../../lib/operations/cell-view.ts'
import { pause } from '../../lib/waiting.ts'
import { type PassingEvent, passingEvent } from './passing.ts'
import { type Observed, type Picture, pictureOf, sinceOf, typesAmong } from './picture.ts'
import type { ConsolePorts } from './ports.ts'
import { shown, withPassed } from './traffic.ts'

/** Milliseconds between two looks. */
const interval = 2_000

export interface Seen {
  readonly picture: Picture
  /** Events since the last look; the first time, the latest ones. */
  readonly passed: readonly PassingEvent[]
}

/** The live picture of one cell. */
export interface Live {
  /** @returns a function that ends the watch */
  watch(onSeen: (seen: Seen) => void): () => void
  /** Removes the tap. */
  close(): Promise<void>
}

/** Polls a cell while anybody watches. The tap is made with the first watcher. */
export function createLive(cell: string, ports: ConsolePorts): Live {
  const watchers = new Set<(seen: Seen) => void>()
  const ending = new AbortController()
  let tap: Promise<EventTap> | undefined
  let last: Observed | undefined
  let looking: Promise<void> | undefined

  const look = async () => {
    while (watchers.size > 0 && !ending.signal.aborted) {
      tap ??= ports.tap(cell)
      const { observed, passed } = await observe(cell, ports, tap, last)
      last = observed
      const seen = { picture: pictureOf(observed), passed }
      for (const onSeen of watchers) onSeen(seen)
      // A tap that could not be made is tried again.
      await tap.catch(() => {
        tap = undefined
      })
      await pause(interval, ending.signal)
    }
    looking = undefined
  }
  return {
    watch(onSeen) {
      if (last) onSeen({ picture: pictureOf(last), passed: last.traffic.slice(-shown) })
      watchers.add(onSeen)
      looking ??= look()
      return () => void watchers.delete(onSeen)
    },
    async close() {
      watchers.clear()
      ending.abort()
      await looking
      await (await tap?.catch(() => undefined))?.remove()
    },
  }
}

/** One look. A failed question becomes a problem of the picture; the rest is shown. */
async function observe(
  cell: string,
  ports: ConsolePorts,
  tap: Promise<EventTap>,
  last: Observed | undefined,
): Promise<{ observed: Observed; passed: PassingEvent[] }> {
  const problems: string[] = []
  const ask = async <T>(question: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await question
    } catch (error) {
      problems.push(messageOf(error))
      return otherwise
    }
  }
  const [enabled, queues, backlogs, texts] = await Promise.all([
    ask(ports.enabledTypes(cell), []),
    ask(ports.queues(cell), last?.queues ?? []),
    ask(ports.backlogs(cell), last?.backlogs),
    ask(
      tap.then((open) => open.take()),
      [],
    ),
  ])
  const at = new Date()
  const passed = texts.flatMap((text) => passingEvent(text, at) ?? [])
  const observed = {
    cell,
    at,
    tenants: [...new Set(enabled.map(({ tenant }) => tenant))].sort(),
    types: typesAmong(enabled.map(({ type }) => type)),
    queues,
    backlogs,
    since: sinceOf(last?.since ?? {}, queues, backlogs ?? [], at),
    traffic: withPassed(last?.traffic ?? [], passed, at),
    problems,
  }
  return { observed, passed }
}
