import type { jest } from '@jest/globals'

/**
 * Takes the place of `node:timers/promises`, which Jest's fake timers leave alone: its waits pass on the
 * faked clock.
 */
export function virtualTimersPromises() {
  return {
    setTimeout<T>(
      milliseconds: number,
      value?: T,
      { signal }: { signal?: AbortSignal } = {},
    ): Promise<T> {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return void reject(signal.reason)
        const onAbort = () => {
          clearTimeout(timer)
          reject(signal?.reason)
        }
        const timer = setTimeout(() => {
          signal?.removeEventListener('abort', onAbort)
          resolve(value as T)
        }, milliseconds)
        signal?.addEventListener('abort', onAbort, { once: true })
      })
    },
    setImmediate: () => new Promise<void>((resolve) => setImmediate(resolve)),
  }
}

/**
 * Has time pass until the work is done, in steps of 50 ms.
 *
 * @param most milliseconds after which it hangs
 */
export async function doneWithin<Result>(
  most: number,
  work: Promise<Result>,
  { advanceTimersByTimeAsync }: Pick<typeof jest, 'advanceTimersByTimeAsync'>,
): Promise<Result> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  work.then(over, over)
  for (let time = 0; time < most && !isOver; time += 50) await advanceTimersByTimeAsync(50)
  if (!isOver) throw new Error(`It is not over after ${most} ms`)
  return work
}

/** Random numbers from 0 up to 1 that follow from the seed. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
