import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** What the process knows of itself. */
export interface Inside {
  /** The least of V8's heap that was in use right after a collection, since the last question. */
  readonly heapMegabytes: number
  readonly timers: number
  /** What else may keep its event loop alive: sockets, servers, requests. */
  readonly resources: number
}

// Loaded into the worker before its own code (`node --import`): answers each message of the parent process.

const heapInUse = () => getHeapStatistics().used_heap_size / 1024 / 1024
let least = heapInUse()

new PerformanceObserver(() => {
  least = Math.min(least, heapInUse())
}).observe({ entryTypes: ['gc'] })

process.on('message', () => {
  const all = process.getActiveResourcesInfo()
  const timers = all.filter((name) => name === 'Timeout' || name === 'Immediate').length
  const inside: Inside = { heapMegabytes: least, timers, resources: all.length - timers }
  process.send?.(inside)
  least = heapInUse()
})
process.once('disconnect', () => process.exit())
// It keeps no worker alive that has stopped.
process.channel?.unref()
