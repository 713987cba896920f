import { pause } from '../../waiting.ts'
import type { Backlog } from '../backlog.ts'
import type { BridgeQueue } from '../bridge-queue.ts'
import type { Broker } from '../broker.ts'
import type { IncomingMessage } from '../message.ts'
import type { SettleMessage } from '../settle-by-wire.ts'
import { createIntake } from './intake.ts'
import { createLine } from './line.ts'
import { createSilence, type VisitRecord } from './silence.ts'
import { startVisit } from './visit.ts'

export interface VisitsOptions {
  readonly broker: Broker
  readonly backlogs: readonly Backlog[]
  /** Messages that may be out at once, over all queues. */
  readonly prefetch: number
  readonly settle: SettleMessage
  /** The message was taken and not tried: it goes back to its queue. */
  readonly onUntried: (message: IncomingMessage) => void
  /** A queue was deleted; it is not visited again. */
  readonly onGone: (queue: BridgeQueue) => void
  /** Aborted when no more messages may be taken. */
  readonly over: AbortSignal
}

/** The least share of a visit to a longer queue: with less, the broker spends more than the bus does. */
const leastShare = 20

/** The least quota of a visit to a longer queue: a change of visits costs the broker, too. */
const leastQuota = 100

/** Queues from which one message each is taken before it is known whether the bus takes events. */
const firstVisits = 10

/** Milliseconds between two rounds. */
const every = 100

/** Rounds between two counts of the queues that are not visited. */
const countEvery = 10

/** Milliseconds for which others flow before redelivered messages get their time alone. */
const flowsFor = 10_000

/** Milliseconds in which visits may end in order once time is up. */
const leavesWithin = 1_000

/**
 * Lends the prefetch to the queues that have a backlog, one visit after another, until all are empty. A
 * visit is long while no other queue waits, and else ends with its quota: however much waits for one
 * tenant, the others get their visit.
 *
 * @throws EcosError `consume-refused`
 */
export async function visitQueues(options: VisitsOptions): Promise<void> {
  const { broker, prefetch, onUntried, onGone, over } = options
  const visits = new Map<string, VisitRecord>()
  const line = createLine(broker, options.backlogs, over)
  const silence = createSilence(line)
  const intake = createIntake(options.settle, endAll, over)
  let free = prefetch
  let failure: unknown
  let isolating = false
  let flowsSince = performance.now()

  for (let round = 1; !over.aborted && failure === undefined; round += 1) {
    startVisits()
    if (visits.size === 0 || round % countEvery === 0) await lineUp()
    if (visits.size === 0 && first() === undefined) {
      if (intake.held > 0) await isolate()
      else if (!line.isResting) break
    }
    await pause(every, over)
    await endIdleVisits()
    makeRoom()
    const timeIsUp = performance.now() - flowsSince > flowsFor
    if (intake.held > 0 && (timeIsUp || (free === 0 && visits.size === 0))) await isolate()
  }
  line.clear()
  endAll()
  await allOver(pause(leavesWithin, broker.lost))
  for (const { visit } of visits.values()) visit.cancel()
  await allOver()
  intake.rest().forEach(onUntried)
  if (failure !== undefined) throw failure

  function startVisits(): void {
    for (let next = first(); next !== undefined; next = first()) {
      const least = Math.min(leastShare, next.ready, prefetch)
      const atRisk = Math.max(visits.size, intake.inFlight)
      // What waits for a store frees no room: then a smaller share must do.
      const mayFree = visits.size > 0 || intake.inFlight > 0
      const enough = intake.proven && mayFree ? free >= least : free > 0
      if (over.aborted || isolating || !enough) return
      if (!intake.proven && atRisk >= firstVisits) return
      const even = Math.floor(prefetch / (line.size + visits.size))
      line.leave(next)
      start(next, intake.proven ? Math.min(free, Math.max(least, even)) : 1)
    }
  }

  function first(): Backlog | undefined {
    return line.first(intake.mayConsume)
  }

  function start({ queue, ready }: Backlog, share: number): void {
    free -= share
    const visit = startVisit(
      broker,
      queue,
      { share, quota: Math.min(ready, Math.max(share, leastQuota)) },
      {
        onMessage: take,
        onQuota: makeRoom,
        onFree(count) {
          free += count
          startVisits()
        },
        onWait: silence.onWait,
        onGone() {
          line.remove(queue.name)
          onGone(queue)
        },
      },
    )
    const record = { visit, ready, emptied: false, looks: 0, nextLook: 0 }
    visits.set(queue.name, record)
    visit.over.then(
      () => onOver(record),
      (error: unknown) => {
        visits.delete(queue.name)
        // The loss of the connection ends everything, and is reported as what it is.
        if (!broker.lost.aborted) failure ??= error
      },
    )
  }

  function onOver({ visit, ready, emptied }: VisitRecord): void {
    const { queue, taken } = visit
    visits.delete(queue.name)
    const rest = emptied ? 0 : ready - taken
    if (rest > 0) line.push({ queue, ready: rest })
    startVisits()
  }

  function take(message: IncomingMessage, hold: () => void): void {
    line.wake(message.queue)
    if (message.redelivered) silence.onRedelivered(message.queue)
    intake.take(message, hold)
  }

  /** Visits that had their quota end, as far as other queues need room. */
  function makeRoom(): void {
    let wanted = line.wanted(leastShare) - free
    for (const { visit } of visits.values()) {
      if (visit.ending) wanted -= visit.share
      else if (wanted > 0 && visit.taken >= visit.quota) {
        visit.end()
        wanted -= visit.share
      }
    }
  }

  /** Ends visits to queues that are empty, and those that could have twice the share. */
  async function endIdleVisits(): Promise<void> {
    const looks = [...visits.values()].map(async (record) => {
      const { visit } = record
      const mayGrow = line.size === 0 && free >= visit.share && visit.taken >= visit.quota
      if (mayGrow && !visit.ending) visit.end()
      await silence.judge(record)
    })
    await Promise.all(looks)
  }

  async function lineUp(): Promise<void> {
    await line.refill((queue) => visits.has(queue) || !intake.mayConsume(queue))
    startVisits()
  }

  /** Settles the redelivered messages while nothing else is in flight. */
  async function isolate(): Promise<void> {
    isolating = true
    endAll()
    while (visits.size > 0 && !over.aborted && failure === undefined) {
      await pause(every, over)
      await endIdleVisits()
    }
    await intake.settleHeld()
    isolating = false
    flowsSince = performance.now()
  }

  function endAll(): void {
    for (const { visit } of visits.values()) visit.end()
  }

  async function allOver(limit?: Promise<void>): Promise<void> {
    const ended = Promise.allSettled([...visits.values()].map(({ visit }) => visit.over))
    await (limit === undefined ? ended : Promise.race([ended, limit]))
  }
}
