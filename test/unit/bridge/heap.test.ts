import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it, jest } from '@jest/globals'
import { bridgeNodeOptions } from '../../../lib/tenants/template/bridge-drain.ts'

// Each count starts a process.
jest.setTimeout(60_000)

/** Makes objects that live while the next 6,000 are made, as those of the messages in flight; counts full collections. */
const churn = `
import { PerformanceObserver, constants } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
let full = 0
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries())
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) full += 1
}).observe({ type: 'gc' })
const alive = new Array(6_000)
for (let made = 0; made < 60_000; made++) {
  alive[made % alive.length] = { fields: Array.from({ length: 200 }, (_, index) => ({ index })) }
  if (made % 2_000 === 0) await setImmediate()
}
await setImmediate()
console.log(full)
`

/** @returns how often V8 collected all of its heap, in a process with the options of the bridge's functions */
async function fullCollections(before: string): Promise<number> {
  const heap = new URL('../../../lib/bridge/heap.ts', import.meta.url)
  const source = `import { growHeapAtOnce } from '${heap}'\n${before}\n${churn}`
  const args = [...bridgeNodeOptions.split(' '), '--input-type=module', '--eval', source]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return Number(stdout)
}

describe("the heap of a bridge's function", () => {
  it('is collected as a whole far less often than the memory of the function asks for', async () => {
    const plain = await fullCollections('')
    const grown = await fullCollections('growHeapAtOnce()')
    expect(plain).toBeGreaterThan(0)
    expect(grown).toBeLessThan(plain / 1.5)
  })
})
