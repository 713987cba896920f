import type { Bus } from '../publish/bus.ts'

/** How fast the bus takes what it is given. */
export interface Pace {
  /** The same bus, whose calls are timed. */
  readonly bus: Bus
  /**
   * The messages that keep the bus busy at its pace since the last call of this: as many as it took in the time that
   * a message is out where nothing waits.
   */
  messages(): number
}

/** Milliseconds that a message is out, in addition to its call: on its way, and until it is acknowledged. */
const besidesCall = 10

/** Looks for which the fastest call is remembered: one may be slow, or this process too busy to read its answer. */
const remembered = 50

/** @param now milliseconds of a clock that never goes back */
export function createPace(bus: Bus, now: () => number = () => performance.now()): Pace {
  const fastest: number[] = []
  let since = now()
  let taken = 0
  let best = Number.POSITIVE_INFINITY

  return {
    bus: {
      check: () => bus.check(),
      async put(entries) {
        const start = now()
        const results = await bus.put(entries)
        best = Math.min(best, now() - start)
        taken += entries.length
        return results
      },
    },
    messages() {
      fastest.push(best)
      if (fastest.length > remembered) fastest.shift()
      const perMillisecond = taken / Math.max(1, now() - since)
      const out = Math.min(...fastest) + besidesCall
      since = now()
      taken = 0
      best = Number.POSITIVE_INFINITY
      return Number.isFinite(out) ? perMillisecond * out : 0
    },
  }
}
