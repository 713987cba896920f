import type { Log } from '../lib/log.ts'

const signals = ['SIGTERM', 'SIGINT'] as const

/**
 * Turns the first SIGTERM or SIGINT into an aborted signal. The second one, or the limit, ends the
 * process at once with code 1: what is unsettled is the broker's as soon as the connection is gone.
 *
 * @param limit seconds from the first signal on
 */
export function stopOnSignal(limit: number, log: Log): AbortSignal {
  const stop = new AbortController()
  for (const name of signals) {
    process.on(name, () => {
      if (stop.signal.aborted) endNow(log, 'second-signal')
      log.info('Stopping: what is in flight is finished', { signal: name })
      stop.abort()
      setTimeout(() => endNow(log, 'time-is-up'), limit * 1000).unref()
    })
  }
  return stop.signal
}

function endNow(log: Log, reason: string): never {
  log.error('Ended with messages in flight; the broker delivers them again', { reason })
  process.exit(1)
}
