import type { Hono } from 'hono'
import { type History, historyOf } from './history.ts'
import { marksOf } from './marks.ts'
import type { ConsolePorts } from './ports.ts'
import { parse } from './request.ts'
import { bucketsOf, rangeQuery } from './time-range.ts'

/** Histories that are kept. */
const maxKept = 20

/**
 * The charts of a range, and the marks in it. Pages that ask for the same buckets share one reading, which AWS
 * charges for.
 */
export function historyRoutes(
  routes: Hono,
  ports: Pick<ConsolePorts, 'metrics' | 'deployments' | 'tenantsHistory'>,
): void {
  const kept = new Map<string, Promise<History>>()
  routes.get('/:cell/history', async (context) => {
    const { cell } = context.req.param()
    const buckets = bucketsOf(parse(rangeQuery, context.req.query()), new Date())
    const key = [cell, buckets.from.toISOString(), buckets.to.toISOString()].join(' ')
    const known = kept.get(key) ?? historyOf(cell, ports.metrics, buckets)
    kept.set(key, known)
    // A failure is asked again.
    known.catch(() => kept.delete(key))
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKept) break
      kept.delete(oldest)
    }
    return context.json(await known)
  })
  routes.get('/:cell/marks', async (context) => {
    const now = new Date()
    const query = parse(rangeQuery, context.req.query())
    const { from } = bucketsOf(query, now)
    const to = query.range === 'own' && query.to !== undefined ? new Date(query.to) : now
    return context.json(await marksOf(context.req.param('cell'), { from, to }, ports))
  })
}
