import type { Log } from '../lib/log.ts'

const signals = ['SIGTERM', 'SIGINT'] as const

/**
 * Aborts the returned signal at the first SIGTERM or SIGINT. A second one, or the limit, ends the
 * process at once with code 1: unsettled messages return to the broker with the connection.
 *
 * @param limit seconds from the first signal on
 */
export function stopOnSignal(limit: number, log: Log): AbortSignal {
  const stop = new AbortController()
  for (const name of signals) {
    process.on(name, () => {
      if (stop.signal.aborted) endNow(log, 'second-signal')
      log.info('Stopping after the messages in flight', { signal: name })
      stop.abort()
      setTimeout(() => endNow(log, 'time-is-up'), limit * 1000).unref()
    })
  }
  return stop.signal
}

function endNow(log: Log, reason: string): never {
  log.error('Ended with messages in flight; the broker will deliver them again', { reason })
  process.exit(1)
}
