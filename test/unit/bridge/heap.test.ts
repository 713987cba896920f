import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it, jest } from '@jest/globals'
import { bridgeNodeOptions } from '../../../lib/tenants/template/bridge-drain.ts'

// Each count starts a process.
jest.setTimeout(60_000)

/** Counts full collections. */
const counting = `
import { PerformanceObserver, constants } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
let full = 0
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries())
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) full += 1
}).observe({ type: 'gc' })
`

/** Makes objects that live while the next 6,000 are made, as those of the messages in flight. */
const churn = `
const alive = new Array(6_000)
for (let made = 0; made < 60_000; made++) {
  alive[made % alive.length] = { fields: Array.from({ length: 200 }, (_, index) => ({ index })) }
  if (made % 2_000 === 0) await setImmediate()
}
await setImmediate()
console.log(full)
`

const lib = new URL('../../../lib/', import.meta.url)

/**
 * Publishes messages to a bus that answers each call after so many turns, which is the clock here: first to one that
 * hangs, and then to one that is as it should be; counts the full collections of the second.
 */
const hangAndRecover = `
import { toEntry } from '${lib}bridge/publish/entry.ts'
import { createPublisher } from '${lib}bridge/publish/publisher.ts'
import { readMessage } from '${lib}bridge/read-message.ts'
let answers = []
const put = (entries) =>
  new Promise((resolve) => answers.push(() => resolve(entries.map(() => ({ status: 'accepted' })))))
const publisher = createPublisher({ put }, { mostCalls: 1_000 })
let unsettled = 0
const body = Buffer.from(JSON.stringify({ data: { id: '1', type: 'task.create', title: 'T'.repeat(600) } }))
async function pass(turns, latency) {
  const calls = []
  for (let turn = 0; turn < turns || unsettled > 0; turn++) {
    for (let index = 0; index < 18 && turn < turns; index++) {
      const message = { tenant: 'tenant-' + index, queue: 'queue', exchange: '', routingKey: '', properties: {}, body: Buffer.from(body) }
      const { event } = readMessage(message)
      unsettled++
      void publisher.publish(toEntry(event, {}, 'p01')).then(() => {
        unsettled--
        message.settled = true
      })
    }
    await setImmediate()
    calls.push(answers)
    answers = []
    if (calls.length > latency) for (const answer of calls.shift()) answer()
  }
}
await pass(600, 600)
await setImmediate()
full = 0
await pass(12_000, 30)
await setImmediate()
console.log(full)
`

/** @returns how often V8 collected all of its heap, in a process with the options of the bridge's functions */
async function fullCollections(before: string, work = churn): Promise<number> {
  const source = `import { growHeapAtOnce } from '${lib}bridge/heap.ts'\n${counting}\n${before}\n${work}`
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

  it('is not collected as a whole time and again after the bus has hung', async () => {
    const old =
      "import { setFlagsFromString } from 'node:v8'\ngrowHeapAtOnce()\nsetFlagsFromString('--allocation-site-pretenuring')"
    const before = await fullCollections(old, hangAndRecover)
    const grown = await fullCollections('growHeapAtOnce()', hangAndRecover)
    expect(before).toBeGreaterThan(4)
    expect(grown).toBeLessThan(before / 4)
  })
})
