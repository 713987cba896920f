import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const PARENT_POLL_MS = 500
const SAME_PRESS_MS = 500

/**
 * Runs `cleanup` once, on a signal or when the parent process is gone (a killed npm sends no signal),
 * then exits with the code that a shell expects. A second signal exits at once; one that follows within
 * `SAME_PRESS_MS` is the same Ctrl-C, which reaches this process from the terminal and again from npm.
 *
 * @returns a function that removes these handlers
 */
export function onShutdown(cleanup: (reason: string) => Promise<void>): () => void {
  let endingSince: number | undefined
  const end = async (reason: string, code: number) => {
    if (endingSince !== undefined) {
      if (performance.now() - endingSince > SAME_PRESS_MS) process.exit(code)
      return
    }
    endingSince = performance.now()
    clearInterval(poll)
    try {
      await cleanup(reason)
    } finally {
      process.exit(code)
    }
  }

  const onSignal = (signal: (typeof SIGNALS)[number]) =>
    void end(signal, 128 + constants.signals[signal])
  for (const signal of SIGNALS) process.on(signal, onSignal)

  const parent = process.ppid
  const poll = setInterval(() => {
    if (process.ppid !== parent) void end('the parent process is gone', 1)
  }, PARENT_POLL_MS)
  poll.unref()

  return () => {
    clearInterval(poll)
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}
