import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds: for a longer time a timer of Node.js would not wait at all. */
const longestTimer = 2 ** 31 - 1

/** Waits for the time, 24 days at most, or until the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0) return
  await sleep(Math.min(milliseconds, longestTimer), undefined, { signal }).catch(() => undefined)
}

/** Resolves when the signal is aborted. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Resolves so many milliseconds after the signal is aborted; keeps no process alive. */
export async function timeAfter(signal: AbortSignal, milliseconds: number): Promise<void> {
  await whenAborted(signal)
  await sleep(milliseconds, undefined, { ref: false })
}
