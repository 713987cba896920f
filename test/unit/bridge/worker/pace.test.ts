import { expect, it } from '@jest/globals'
import type { Bus, BusEntry } from '../../../../lib/bridge/publish/bus.ts'
import { createPace } from '../../../../lib/bridge/worker/pace.ts'

const entries = (count: number) => Array.from({ length: count }, () => ({}) as BusEntry)

/** A bus whose calls take as long as they are told, by a clock of its own. */
function start() {
  let time = 0
  let latency = 0
  let checks = 0
  const bus: Bus = {
    async put(given) {
      time += latency
      return given.map(() => ({ status: 'accepted' }))
    },
    async check() {
      checks += 1
    },
  }
  const pace = createPace(bus, () => time)
  return {
    ...pace,
    checks: () => checks,
    pass(milliseconds: number) {
      time += milliseconds
    },
    async put(count: number, milliseconds: number) {
      latency = milliseconds
      return pace.bus.put(entries(count))
    },
  }
}

it('the pace is what the bus takes in the time of its fastest call and the way there and back', async () => {
  const { put, pass, messages } = start()
  expect(messages()).toBe(0)
  expect(await put(10, 40)).toHaveLength(10)
  await put(10, 20)
  pass(140)
  // 20 events in 200 ms, each out for 20 + 10 ms.
  expect(messages()).toBeCloseTo(3)
})

it('a process too busy to read its answers does not count as a slow bus, unless it stays so', async () => {
  const { put, pass, messages } = start()
  await put(10, 20)
  pass(180)
  messages()
  await put(10, 170)
  pass(30)
  expect(messages()).toBeCloseTo((10 / 200) * 30)
  for (let look = 0; look < 50; look += 1) {
    await put(10, 170)
    pass(30)
    messages()
  }
  await put(10, 170)
  pass(30)
  expect(messages()).toBeCloseTo((10 / 200) * 180)
})

it('two looks at the same moment do not make the pace endless, and each look begins anew', async () => {
  const { put, pass, messages } = start()
  await put(10, 0)
  // 10 events in 1 ms at least, each out for 0 + 10 ms.
  expect(messages()).toBeCloseTo(100)
  expect(messages()).toBe(0)
  pass(10)
  await put(5, 20)
  expect(messages()).toBeCloseTo((5 / 30) * 10)
})

it('the fastest call is forgotten after fifty looks, and not before', async () => {
  const { put, messages } = start()
  await put(10, 10)
  messages()
  for (let look = 1; look < 49; look += 1) {
    await put(10, 40)
    messages()
  }
  await put(10, 40)
  expect(messages()).toBeCloseTo((10 / 40) * 20)
  await put(10, 40)
  expect(messages()).toBeCloseTo((10 / 40) * 50)
})

it('asks the bus itself whether it is there', async () => {
  const { bus, checks } = start()
  await bus.check()
  expect(checks()).toBe(1)
})
