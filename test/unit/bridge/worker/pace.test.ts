import { expect, it } from '@jest/globals'
import type { Bus, BusEntry } from '../../../../lib/bridge/publish/bus.ts'
import { createPace } from '../../../../lib/bridge/worker/pace.ts'

const entries = (count: number) => Array.from({ length: count }, () => ({}) as BusEntry)

/** A bus whose calls take as long as they are told, by a clock of its own. */
function start() {
  let time = 0
  let latency = 0
  const bus: Bus = {
    async put(given) {
      time += latency
      return given.map(() => ({ status: 'accepted' }))
    },
    async check() {},
  }
  const pace = createPace(bus, () => time)
  return {
    ...pace,
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
