import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { Hono } from 'hono'
import { type HistoryPorts, historyRoutes } from '../../../console/server/history-routes.ts'
import type { ReadMetrics } from '../../../lib/operations/metric-history.ts'

beforeEach(() => void jest.useFakeTimers({ now: Date.parse('2026-11-28T10:05:20Z') }))
afterEach(() => void jest.useRealTimers())

const minute = 60_000

it('reads the end of a range again while its last minutes may still come', async () => {
  const read = jest.fn<ReadMetrics>().mockResolvedValue([])
  const routes = new Hono()
  historyRoutes(routes, { metrics: read } as Partial<HistoryPorts> as HistoryPorts)
  const ask = async () => {
    const query = 'range=own&from=2026-11-28T09:00:00Z&to=2026-11-28T10:05:00Z'
    expect((await routes.request(`/main/history?${query}`)).status).toBe(200)
    return read.mock.calls.length
  }

  expect([await ask(), await ask()]).toEqual([1, 1])
  jest.setSystemTime(Date.now() + minute)
  expect([await ask(), await ask()]).toEqual([2, 2])
  // Once all has come, one reading serves for good.
  jest.setSystemTime(Date.now() + 30 * minute)
  const settled = await ask()
  jest.setSystemTime(Date.now() + 30 * minute)
  expect(await ask()).toBe(settled)
})
