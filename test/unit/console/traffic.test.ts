import { expect, it } from '@jest/globals'
import { ratesOf, type Traffic, withPassed } from '../../../console/server/traffic.ts'

it('a flood of one tenant neither caps its rate nor hides the events of others', () => {
  const start = Date.parse('2026-11-28T10:00:00Z')
  const passed = (tenant: string, count: number, at: string) =>
    Array.from({ length: count }, (_, id) => ({ at, tenant, type: 'task.create', id: `${id}` }))
  let traffic: Traffic = []
  // A tap takes 500 events in a look, every two seconds.
  for (let second = 0; second < 60; second += 2) {
    const now = new Date(start + second * 1000)
    const quiet = second === 0 ? 1 : 0
    const events = [
      ...passed('globex', quiet, now.toISOString()),
      ...passed('acme', 500 - quiet, now.toISOString()),
    ]
    traffic = withPassed(traffic, events, now)
  }
  const rates = ratesOf(traffic, new Date(start + 59_000), () => true)
  expect(rates).toEqual({ globex: 1, acme: 14_999 })
})
