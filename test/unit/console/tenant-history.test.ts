import { expect, it } from '@jest/globals'
import { tenantHistoryOf } from '../../../console/server/tenant-history.ts'

const at = (time: string) => new Date(`2026-11-28T${time}Z`)
const buckets = { from: at('10:00:00'), to: at('10:03:00'), period: 60 }
const none = { events: 0, deliveries: 0, failures: 0 }

it('has a line for each tenant, and no number for a time in which nothing ran', async () => {
  const { charts, known } = await tenantHistoryOf('main', buckets, {
    metrics: async () => [[1, undefined, undefined]],
    tenantCounts: async () => ({
      isCut: false,
      counts: [
        { ...none, tenant: 'acme', at: at('10:00:00'), events: 2 },
        { ...none, tenant: 'globex', at: at('10:02:00'), events: 5 },
        { ...none, tenant: 'acme', at: at('10:02:00'), events: 1, failures: 4 },
      ],
    }),
  })
  expect(known).toBeCloseTo(2 / 3)
  expect(charts[0]).toEqual({
    name: 'events',
    unit: 'count',
    series: [
      { name: 'globex', values: [0, null, 5], now: 5, before: null },
      { name: 'acme', values: [2, null, 1], now: 3, before: null },
    ],
    whole: { values: [2, null, 6], now: 8, before: null },
  })
  expect(charts[1]?.series).toEqual([])
  expect(charts[2]?.series).toMatchObject([{ name: 'acme', now: 4 }])
})
