import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from './ledger.ts'

/** Looks that have to find nothing, one after another: a message may be between two queues. */
const looks = 2

export interface Quiet {
  /** Seconds until nothing was under way any more; undefined: it never was so. */
  readonly after: number | undefined
  readonly left: ReadonlyMap<string, number>
}

/** Waits until nothing is under way any more. */
export async function untilQuiet(ledger: Ledger, limitSeconds: number): Promise<Quiet> {
  const start = Date.now()
  const seconds = () => Math.round((Date.now() - start) / 1000)
  let since: number | undefined
  for (let empty = 0; ; ) {
    const left = await ledger.underWay().catch((error) => new Map([[String(error), 1]]))
    empty = left.size === 0 ? empty + 1 : 0
    since = empty === 0 ? undefined : (since ?? seconds())
    if (empty === looks) return { after: since, left }
    if (seconds() > limitSeconds && empty === 0) return { after: undefined, left }
    await sleep(2_000)
  }
}
