import type { Line } from './line.ts'
import { createPatience } from './patience.ts'
import type { Visit } from './visit.ts'

/** A visit, and what is known of its queue. */
export interface VisitRecord {
  readonly visit: Visit
  /** Messages counted in the queue before the visit. */
  readonly ready: number
  /** Whether the broker counted nothing in it during the visit. */
  emptied: boolean
  looks: number
  nextLook: number
}

/** Milliseconds between two looks at a silent visit, doubled after each of the first five. */
const lookEvery = 100

/** Milliseconds after which a visit without a delivery gives its share to others that wait. */
const stalledAfter = 10_000

/** Judges visits that have gone silent: their queue is empty, its messages are on their way, or it stalls. */
export function createSilence(line: Line) {
  const patience = createPatience()
  /** Queues that counted as empty before all that was counted in them had come. */
  const doubtful = new Set<string>()

  return {
    /** A delivery came after so many milliseconds. */
    onWait: patience.onWait,
    /** A message that a visit to the queue had not waited for comes again. */
    onRedelivered(queue: string): void {
      if (doubtful.delete(queue)) patience.onMistake()
    },
    /** Ends the visit if it has been silent for long enough, and its queue is empty or stalls. */
    async judge(record: VisitRecord): Promise<void> {
      const { visit, ready } = record
      const limit = patience.limit(visit.taken < ready)
      if (visit.silence() < limit || performance.now() < record.nextLook) return
      const { queue, taken } = visit
      // The broker knows whether the queue is empty; as long as it is not, messages are on their way.
      const count = await line.count(queue)
      if (visit.taken > taken) return
      if (count === 0) {
        record.emptied = true
        if (taken < ready) doubtful.add(queue.name)
        visit.cancel()
      } else if (!visit.full && line.size > 0 && visit.silence() >= stalledAfter) {
        line.rest(queue.name)
        visit.cancel()
      } else {
        record.looks += 1
        record.nextLook = performance.now() + lookEvery * 2 ** Math.min(record.looks, 5)
      }
    },
  }
}
