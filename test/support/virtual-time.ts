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
