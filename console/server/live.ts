import { channelNames } from '../../lib/channels/channel.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import type { EventTap } from '../../lib/operations/cell-view.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { pause } from '../../lib/waiting.ts'
import { createRetried, lateOf } from './late.ts'
import { createLatest } from './latest.ts'
import { withMinutes } from './minutes.ts'
import { type Observed, sinceAt, sinceOf, typesAmong } from './observed.ts'
import { type PassingEvent, passingEvent } from './passing.ts'
import { type Picture, pictureOf } from './picture.ts'
import type { ConsolePorts } from './ports.ts'
import { shown, withPassed } from './traffic.ts'

/** Milliseconds between two looks. */
const interval = 2_000

/** Milliseconds between two questions for what is tried again: each asks many tenants. */
const betweenRetried = 30_000

/** Milliseconds that a look waits for its answers. A later one is in a later look. */
const patience = 1_500

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
  const sources = sourcesOf(cell, ports)
  let last: Observed | undefined
  let looking: Promise<void> | undefined

  const look = async () => {
    while (watchers.size > 0 && !ending.signal.aborted) {
      await Promise.race([sources.refresh(), pause(patience, ending.signal)])
      const { observed, passed } = sources.observe(last)
      last = observed
      const seen = { picture: pictureOf(observed), passed }
      for (const onSeen of watchers) onSeen(seen)
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
      await sources.close()
    },
  }
}

/** The parts of a cell, asked apart: one that is slow or fails leaves the others as they are. */
function sourcesOf(cell: string, ports: ConsolePorts) {
  let tap: Promise<EventTap> | undefined
  let received: PassingEvent[] = []
  const types = createLatest('types', () => ports.enabledTypes(cell))
  const queues = createLatest('queues', () => ports.queues(cell))
  const broker = createLatest('broker', () => ports.backlogs(cell))
  const events = createLatest('events', async () => {
    tap ??= ports.tap(cell)
    const open = await tap.catch((error) => {
      // A tap that could not be made is tried again.
      tap = undefined
      throw error
    })
    const texts = await open.take()
    const now = new Date()
    received.push(...texts.flatMap((text) => passingEvent(text, now) ?? []))
  })
  const askRetried = createRetried((tenants) => ports.retried(cell, tenants))
  const late = createLatest('late', async () => lateOf(await retried()), betweenRetried)
  const all = [types, queues, broker, events, late]

  /** What waits for another try is in a channel's queue. */
  async function retried() {
    const counts = queues.answer()?.value ?? []
    const ofChannels = channelNames.map((name) => `${cellPrefix(cell)}-${name}`)
    const isIdle = counts.every(
      ({ name, waiting, inFlight, delayed }) =>
        !ofChannels.includes(name) || waiting + inFlight + delayed === 0,
    )
    const tenants = [...new Set(types.answer()?.value?.map(({ tenant }) => tenant))]
    return askRetried(isIdle ? [] : tenants)
  }

  return {
    async refresh() {
      const basis = Promise.all([types.refresh(), queues.refresh()])
      await Promise.all([broker.refresh(), events.refresh(), basis.then(() => late.refresh())])
    },
    observe(last: Observed | undefined): { observed: Observed; passed: PassingEvent[] } {
      const at = new Date()
      const passed = received
      received = []
      const enabled = types.answer()?.value
      const counts = queues.answer()
      const backlogs = broker.answer()
      const eventsAt = events.answer()?.at
      const latest = late.answer()
      const traffic = withPassed(last?.traffic ?? [], passed, at)
      const observed = {
        cell,
        at,
        tenants: [...new Set((enabled ?? traffic).map(({ tenant }) => tenant))].sort(),
        // Every type has a handler, whoever has turned it on.
        types: enabled ? typesAmong(enabled.map(({ type }) => type)) : eventTypes,
        queues: counts?.value,
        backlogs: backlogs?.value,
        asOf: {
          ...(counts && { queues: counts.at }),
          ...(backlogs && { broker: backlogs.at }),
          ...(eventsAt && { events: eventsAt }),
          ...(latest && { late: latest.at }),
        },
        since: sinceOf(sinceAt(last, at), counts?.value, backlogs?.value, at),
        late: latest?.value,
        traffic,
        // Only a new answer says that nothing passed.
        minutes:
          eventsAt && eventsAt !== last?.asOf.events
            ? withMinutes(last?.minutes ?? [], passed, at)
            : (last?.minutes ?? []),
        faults: all.flatMap((source) => source.fault() ?? []),
      }
      return { observed, passed }
    },
    async close() {
      await (await tap?.catch(() => undefined))?.remove()
    },
  }
}
