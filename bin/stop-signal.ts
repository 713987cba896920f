let stop: AbortController | undefined

/** Aborts at the first SIGINT or SIGTERM of the process; the second one ends it. */
export function stopSignal(): AbortSignal {
  if (stop !== undefined) return stop.signal
  const first = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => first.abort())
  }
  stop = first
  return first.signal
}
