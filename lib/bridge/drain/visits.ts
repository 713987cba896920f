import { EcosError } from '../../errors.ts'
import { pause } from '../../waiting.ts'
import { type Backlog, countBacklogs, smallestFirst } from '../backlog.ts'
import type { Broker } from '../broker.ts'
import type { IncomingMessage } from '../message.ts'
import type { Fate } from '../settle-message.ts'
import type { Topology } from '../topology.ts'
import { startVisit, type Visit, type VisitHandlers } from './visit.ts'

export interface VisitsOptions {
  readonly broker: Broker
  readonly backlogs: readonly Backlog[]
  /** Messages that may be out at once, over all queues. */
  readonly prefetch: number
  readonly onMessage: VisitHandlers['onMessage']
  /** A queue was deleted; it is not asked for again. */
  readonly onGone: (topology: Topology) => void
  /** Aborted when no more may be taken. */
  readonly over: AbortSignal
}

/**
 * Messages that a visit has room for, where there are so many: with less of a prefetch the broker
 * spends more on each message than the bus does.
 */
const leastShare = 20

/** Messages that a visit has at least, where there are so many: a change of visits costs the broker, too. */
const leastQuota = 100

/** Queues that a message each is taken of before it is known whether the bus takes events. */
const firstVisits = 10

/** Milliseconds between two looks at the visits: a queue without a delivery since the last is quiet. */
const every = 100

/** Looks between two counts: a tenant's event that arrives meanwhile waits a second for its visit. */
const countEvery = 10

/**
 * Lends the prefetch to the queues that have a backlog, in visit, until all are empty. A visit is long
 * where nobody waits, and else ends with its quota: however much waits for one tenant, others come next.
 *
 * @throws EcosError `consume-refused`
 */
export async function visitQueues(options: VisitsOptions): Promise<void> {
  const { broker, prefetch, onMessage, onGone, over } = options
  const visits = new Map<string, Visit>()
  const topologies = new Map(options.backlogs.map(({ topology }) => [topology.queue, topology]))
  let line = smallestFirst(options.backlogs)
  let free = prefetch
  let failure: EcosError | undefined
  /** The fate of one message is known: only then are more taken. */
  let proven = false

  for (let look = 1; !over.aborted && failure === undefined; look += 1) {
    startVisits()
    if (visits.size === 0 || look % countEvery === 0) await lineUp()
    if (visits.size === 0 && line.length === 0) break
    await pause(every, over)
    endIdleTurns()
    makeRoom()
  }
  line = []
  for (const visit of visits.values()) visit.end()
  await Promise.allSettled([...visits.values()].map((visit) => visit.over))
  if (failure !== undefined) throw failure

  function startVisits(): void {
    for (let [next] = line; next !== undefined; [next] = line) {
      const least = Math.min(leastShare, next.ready, prefetch)
      if (over.aborted || free < least || (!proven && visits.size === firstVisits)) return
      const even = Math.floor(prefetch / (line.length + visits.size))
      line.shift()
      start(next, proven ? Math.max(least, Math.min(even, free)) : 1)
    }
  }

  function start({ topology, ready }: Backlog, share: number): void {
    const { queue } = topology
    free -= share
    const visit = startVisit(
      broker,
      topology,
      { share, quota: Math.min(ready, Math.max(share, leastQuota)) },
      {
        onMessage: settleOne,
        onQuota: makeRoom,
        onFree(count) {
          free += count
          startVisits()
        },
        onGone() {
          topologies.delete(queue)
          onGone(topology)
        },
      },
    )
    visits.set(queue, visit)
    const onOver = () => {
      visits.delete(queue)
      // A quiet queue is empty, whatever it had: others take from it, too.
      const rest = visit.quiet ? 0 : ready - visit.taken
      if (rest > 0 && topologies.has(queue)) line.push({ topology, ready: rest })
      startVisits()
    }
    visit.over.then(onOver, (error: unknown) => {
      visits.delete(queue)
      // Anything else is the loss of the channel, which ends all.
      if (error instanceof EcosError) failure ??= error
    })
  }

  /**
   * A slow start: a bus that took the probe may fail the events themselves, and each message that goes
   * back is one delivery nearer to its queue's limit. While the bus fails, none of the first is done.
   */
  async function settleOne(message: IncomingMessage): Promise<Fate> {
    const fate = await onMessage(message)
    if (!proven) {
      proven = true
      for (const visit of visits.values()) visit.end()
    }
    return fate
  }

  /** Those that had their quota end, the longest first, as far as others wait for their part. */
  function makeRoom(): void {
    let wanted = line.reduce((sum, { ready }) => sum + Math.min(leastShare, ready), -free)
    for (const visit of visits.values()) {
      if (visit.ending) wanted -= visit.share
      else if (wanted > 0 && visit.taken >= visit.quota) {
        visit.end()
        wanted -= visit.share
      }
    }
  }

  /** A queue that is quiet is empty; one whose share could double lines up for a larger one. */
  function endIdleTurns(): void {
    for (const visit of visits.values()) {
      visit.look()
      const mayGrow = line.length === 0 && free >= visit.share && visit.taken >= visit.quota
      if (visit.quiet || mayGrow) visit.end()
    }
  }

  async function lineUp(): Promise<void> {
    const known = new Set([...visits.keys(), ...line.map(({ topology }) => topology.queue)])
    const others = [...topologies.values()].filter(({ queue }) => !known.has(queue))
    const counted = await countBacklogs(broker, others).catch((error: unknown) => {
      if (over.aborted) return []
      throw error
    })
    line = [...smallestFirst(counted), ...line]
    startVisits()
  }
}
