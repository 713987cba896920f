import { pause } from '../../lib/waiting.ts'
import type { Cloud } from '../cloud.ts'
import { createMetricCopy } from './copy.ts'

/** Milliseconds between two copies. */
const interval = 15_000

/** Copies the metrics of a cell again and again, for the console's charts. @returns a function that ends it */
export function keepMetrics(cloud: Cloud, cell: string): () => Promise<void> {
  const ending = new AbortController()
  const copy = createMetricCopy(cloud, cell)
  const keep = async () => {
    while (!ending.signal.aborted) {
      // The charts have a gap then; the next copy makes up for it.
      await copy().catch(() => undefined)
      await pause(interval, ending.signal)
    }
  }
  const over = keep()
  return async () => {
    ending.abort()
    await over
  }
}
