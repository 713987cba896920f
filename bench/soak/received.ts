import { createHistogram } from 'node:perf_hooks'
import { eachClock, entriesIn } from '../stub-server.ts'
import { numberAt } from './numbered.ts'

/** What the bus has accepted. */
export interface Report {
  readonly calls: number
  /** Different events that were published. */
  readonly accepted: number
  /** Those that came once more. */
  readonly doubled: number
  /** Entries that are none of these, such as the drain's question whether the bus accepts anything. */
  readonly others: number
  /** Since the last report; milliseconds from publish to accepted. */
  readonly waits: {
    readonly count: number
    readonly p50: number
    readonly p99: number
    readonly max: number
  }
}

/** Records in bounded memory, however long it takes. */
export function createReceived(events: number) {
  const seen = new Uint8Array(Math.ceil(events / 8))
  const waits = createHistogram()
  const counts = { calls: 0, accepted: 0, doubled: 0, others: 0 }
  return {
    /** Records a call. @returns the number of its entries */
    take(body: Buffer, nowMicros: number): number {
      const entries = entriesIn(body)
      let numbered = 0
      eachClock(body, (sentAt, next) => {
        const number = numberAt(body, next)
        if (number === undefined || number >= events) return
        numbered += 1
        if (isFirst(number)) counts.accepted += 1
        else counts.doubled += 1
        waits.record(Math.max(1, nowMicros - sentAt))
      })
      counts.calls += 1
      counts.others += entries - numbered
      return entries
    },
    report(): Report {
      const percentile = (percent: number) => waits.percentile(percent) / 1000
      const of = { count: waits.count, p50: percentile(50), p99: percentile(99) }
      const report = { ...counts, waits: { ...of, max: waits.count === 0 ? 0 : waits.max / 1000 } }
      waits.reset()
      return report
    },
  }

  function isFirst(number: number): boolean {
    const [byte, bit] = [number >> 3, 1 << (number & 7)]
    const before = seen[byte] ?? 0
    seen[byte] = before | bit
    return (before & bit) === 0
  }
}
