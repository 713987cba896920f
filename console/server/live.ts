import { messageOf } from '../../lib/errors.ts'
import type { EventTap } from '../../lib/operations/cell-view.ts'
import { pause } from '../../lib/waiting.ts'
import { type PassingEvent, passingEvent } from './passing.ts'
import { type Observed, type Picture, pictureOf, sinceOf, typesAmong } from './picture.ts'
import type { ConsolePorts } from './ports.ts'
import { shown, withPassed } from './traffic.ts'

/** Milliseconds between two looks. */
const everyMs = 2_000

export interface Seen {
  readonly picture: Picture
  /** What passed since the last look; for who has just come, what passed of late. */
  readonly passed: readonly PassingEvent[]
}

/** One cell as it goes on. */
export interface Live {
  /** @returns what ends it */
  watch(onSeen: (seen: Seen) => void): () => void
  /** Removes the tap. */
  close(): Promise<void>
}

/** Looks at a cell while anybody watches. A cell that nobody has watched has no tap. */
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
      // What could not be made is tried again.
      if (
        await tap.then(
          () => false,
          () => true,
        )
      )
        tap = undefined
      await pause(everyMs, ending.signal)
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

/** One look. What can't be asked is a problem of the picture, and keeps nothing else from it. */
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
