import { performance as processTime } from 'node:perf_hooks'
import { mostEntries } from './bus.ts'

/** Messages that keep this many PutEvents calls full: those in the calls, and the next. */
export function fillOf(calls: number): number {
  return calls * (mostEntries + 2)
}

/** How many calls may be in flight, which follows from how long they take. */
export interface CallLimit {
  readonly most: number
  /** A call has been answered. */
  onAnswer(): void
  /** A call has failed. */
  onFailure(): void
  /** A full call has to wait for one in flight. */
  onWait(): void
}

/**
 * Where the limit starts, and below which it does not fall: with 10 ms for a call, fewer cost up to a fifth of the
 * throughput where broker and bus share the processor, and save little memory.
 */
export const leastCalls = 64

/**
 * Milliseconds between two looks at the event loop: in less time, one garbage collection makes a loop that waits for
 * answers look saturated.
 */
const lookEvery = 100

/** The share of its time that the event loop works: above the first, more calls would only wait for it. */
const saturated = 0.99
const spare = 0.95

/**
 * One thread reads, writes and sends, so more calls help while it has time to spare, and after that cost
 * memory and latency: what waits for it grows old in V8's heap. Slow calls leave it time, so the limit
 * grows with their latency: by doubling until the loop is saturated, then by an eighth at a time. It
 * falls by a tenth while the loop is saturated, and by a quarter with a call that fails.
 *
 * @param bound the limit never exceeds it
 * @param utilization the share of its time that the event loop worked since the last call
 * @param now milliseconds of a clock that never goes back
 */
export function createCallLimit(
  bound: number,
  utilization: () => number = loopUtilization(),
  now: () => number = () => performance.now(),
): CallLimit {
  const floor = Math.min(leastCalls, bound)
  let limit = floor
  let growth = 2
  let waited = false
  let lookedAt = now()

  return {
    get most() {
      return Math.floor(limit)
    },
    onAnswer() {
      if (now() - lookedAt < lookEvery) return
      lookedAt = now()
      const worked = utilization()
      if (!waited) return
      waited = false
      if (worked > saturated) shrinkTo(0.9)
      else if (worked < spare) limit = Math.min(bound, limit * growth)
    },
    onFailure: () => shrinkTo(0.75),
    onWait() {
      waited = true
    },
  }

  function shrinkTo(part: number): void {
    growth = 1.125
    limit = Math.max(floor, limit * part)
  }
}

/** Of the process's own clock: one that replaces the global `performance` knows no event loop. */
function loopUtilization(): () => number {
  let last = processTime.eventLoopUtilization()
  return () => {
    const current = processTime.eventLoopUtilization()
    const { utilization } = processTime.eventLoopUtilization(current, last)
    last = current
    return utilization
  }
}
