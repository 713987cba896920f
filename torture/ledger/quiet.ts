import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from './ledger.ts'

/** Looks that have to find nothing, one after another: a message may be between two queues. */
const looks = 2

/** On a busy machine everything takes its time: so many limits in all, as long as there is less and less to do. */
const mostLimits = 3

export interface Quiet {
  /** Seconds until nothing was under way any more; undefined: it never was so. */
  readonly after: number | undefined
  readonly left: ReadonlyMap<string, number>
}

/**
 * Waits until nothing is under way any more.
 *
 * @param limitSeconds how long there may be no less under way than before
 * @param interval milliseconds between two looks
 */
export async function untilQuiet(
  ledger: Pick<Ledger, 'underWay'>,
  limitSeconds: number,
  interval = 2_000,
): Promise<Quiet> {
  const start = Date.now()
  const seconds = () => (Date.now() - start) / 1000
  let [least, progress] = [Number.POSITIVE_INFINITY, 0]
  let since: number | undefined
  for (let empty = 0; ; ) {
    const left = await ledger.underWay().catch((error) => new Map([[String(error), 1]]))
    empty = left.size === 0 ? empty + 1 : 0
    since = empty === 0 ? undefined : (since ?? Math.round(seconds()))
    if (empty === looks) return { after: since, left }
    const depth = [...left.values()].reduce((sum, count) => sum + count, 0)
    if (depth < least) [least, progress] = [depth, seconds()]
    const isOver = seconds() > Math.min(progress + limitSeconds, mostLimits * limitSeconds)
    if (isOver && empty === 0) return { after: undefined, left }
    await sleep(interval)
  }
}
