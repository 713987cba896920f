import type { Hono } from 'hono'
import type { Buckets } from '../../lib/operations/metric-history.ts'
import { type History, historyOf } from './history.ts'
import { marksOf } from './marks.ts'
import type { ConsolePorts } from './ports.ts'
import { parse } from './request.ts'
import { tenantHistoryOf } from './tenant-history.ts'
import { bucketsOf, rangeQuery } from './time-range.ts'

/** Histories that are kept. */
const maxKept = 20

/** Milliseconds after which no more values of a bucket come; most come within two minutes. */
const settling = 15 * 60_000

/** The part of the live system that the routes need. */
export type HistoryPorts = Pick<
  ConsolePorts,
  'metrics' | 'tenantCounts' | 'deployments' | 'tenantsHistory' | 'audit'
>

/**
 * The charts of a range, and the marks in it. Pages that ask for the same buckets share one reading, which AWS
 * charges for.
 */
export function historyRoutes(routes: Hono, ports: HistoryPorts): void {
  const kept = new Map<string, Promise<History>>()
  const once = (path: string, read: (cell: string, buckets: Buckets) => Promise<History>) => {
    routes.get(`/:cell/${path}`, async (context) => {
      const { cell } = context.req.param()
      const now = new Date()
      const buckets = bucketsOf(parse(rangeQuery, context.req.query()), now)
      const ends = [buckets.from.toISOString(), buckets.to.toISOString()]
      const key = [path, cell, ...ends, readingOf(buckets, now)].join(' ')
      const known = kept.get(key) ?? read(cell, buckets)
      kept.set(key, known)
      // A failure is asked again.
      known.catch(() => kept.delete(key))
      for (const oldest of kept.keys()) {
        if (kept.size <= maxKept) break
        kept.delete(oldest)
      }
      return context.json(await known)
    })
  }
  once('history', (cell, buckets) => historyOf(cell, ports.metrics, buckets))
  once('tenant-history', (cell, buckets) => tenantHistoryOf(cell, buckets, ports))
  routes.get('/:cell/marks', async (context) => {
    const now = new Date()
    const query = parse(rangeQuery, context.req.query())
    const { from } = bucketsOf(query, now)
    const to = query.range === 'own' && query.to !== undefined ? new Date(query.to) : now
    return context.json(await marksOf(context.req.param('cell'), { from, to }, ports))
  })
}

/** Names the reading of a range: another one with each bucket, until its last values have come. */
function readingOf({ to, period }: Buckets, now: Date): string {
  const isFinal = now.getTime() - to.getTime() > settling
  return isFinal ? 'final' : String(Math.floor(now.getTime() / 1000 / period))
}
