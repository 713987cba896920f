import * as z from 'zod'
import { EcosError } from '../../lib/errors.ts'
import type { Buckets } from '../../lib/operations/metric-history.ts'

const hour = 3_600_000
const day = 24 * hour

/** The ranges that end now, in milliseconds. */
const ranges = { '1h': hour, '24h': day, '7d': 7 * day, '30d': 30 * day } as const

/** The longest range that can be chosen, in milliseconds. */
const maxSpan = 92 * day

/** The query of a question about a range of time. */
export const rangeQuery = z.object({
  range: z.enum(['1h', '24h', '7d', '30d', 'own']).default('1h'),
  /** With `own`. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
})

/**
 * The buckets of a range, one at least: whole ones, so that the last is not low because it has just begun.
 *
 * @throws EcosError `invalid-request`
 */
export function bucketsOf({ range, from, to }: z.infer<typeof rangeQuery>, now: Date): Buckets {
  const end = range === 'own' && to !== undefined ? Date.parse(to) : now.getTime()
  const start =
    range === 'own' ? (from === undefined ? end - day : Date.parse(from)) : end - ranges[range]
  if (start >= end || end - start > maxSpan || start >= now.getTime()) {
    const problem = 'from, to: a range of up to 92 days that has begun'
    throw new EcosError('invalid-request', `Invalid request: ${problem}`)
  }
  // The range before is read too.
  const age = now.getTime() - start + (end - start)
  const period = Math.max(periodOfSpan(end - start), periodOfAge(age))
  const bucket = period * 1000
  const floor = (time: number) => Math.floor(time / bucket) * bucket
  const last = Math.min(Math.ceil(end / bucket) * bucket, floor(now.getTime()))
  return { from: new Date(Math.min(floor(start), last - bucket)), to: new Date(last), period }
}

/** Seconds: some 60 to 300 buckets. */
function periodOfSpan(span: number): number {
  if (span <= 3 * hour) return 60
  if (span <= 2 * day) return 300
  return span <= 8 * day ? 3600 : 4 * 3600
}

/** CloudWatch keeps minutes for 15 days, and 5 minutes for 63 (user guide, metrics retention). */
function periodOfAge(age: number): number {
  if (age <= 15 * day) return 60
  return age <= 63 * day ? 300 : 3600
}
