import { expect, it } from '@jest/globals'
import { createStatus, isReady } from '../../../../lib/bridge/worker/status.ts'

it('a worker begins without a broker, a message or a problem', () => {
  expect(createStatus()).toEqual({
    broker: { connected: false, problem: 'not connected yet' },
    bus: { accepting: true },
    stopping: false,
    inFlight: 0,
    settled: { bridged: 0, quarantined: 0, unasked: 0, returned: 0, 'dead-lettered': 0 },
    tenants: { serving: 0, leaving: [] },
    consuming: 0,
    problems: {},
  })
})

it.each([
  [true, {}],
  [true, { problems: { acme: "one tenant's queue is broken" } }],
  [true, { broker: { connected: true, blocked: 'low on memory' } }],
  [false, { broker: { connected: false } }],
  [false, { bus: { accepting: false } }],
  [false, { stopping: true }],
])('events flow: %p, with %j', (ready, wrong) => {
  const well = { ...createStatus(), broker: { connected: true } }
  expect(isReady({ ...well, ...wrong })).toBe(ready)
})
