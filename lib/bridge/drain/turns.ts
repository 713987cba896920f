import { EcosError } from '../../errors.ts'
import { pause } from '../../waiting.ts'
import { type Backlog, countBacklogs, inOrder } from '../backlog.ts'
import type { Broker } from '../broker.ts'
import type { Fate } from '../carry.ts'
import type { Delivery } from '../message.ts'
import type { Topology } from '../topology.ts'
import { startTurn, type Turn, type TurnHandlers } from './turn.ts'

export interface TurnsOptions {
  readonly broker: Broker
  readonly backlogs: readonly Backlog[]
  /** Messages that may be out at once, over all queues. */
  readonly prefetch: number
  readonly onDelivery: TurnHandlers['onDelivery']
  /** A queue was deleted; it is not asked for again. */
  readonly onGone: (topology: Topology) => void
  /** Aborted when no more may be taken. */
  readonly over: AbortSignal
}

/**
 * Messages that a turn has room for, where there are so many: with less of a prefetch the broker
 * spends more on each message than the bus does.
 */
const leastShare = 20

/** Messages that a turn has at least, where there are so many: a change of turns costs the broker, too. */
const leastQuota = 100

/** Queues that a message each is taken of before it is known whether the bus takes events. */
const firstTurns = 10

/** Milliseconds between two looks at the turns: a queue without a delivery since the last is quiet. */
const every = 100

/** Looks between two counts: a tenant's event that arrives meanwhile waits a second for its turn. */
const countEvery = 10

/**
 * Lends the prefetch to the queues that have a backlog, in turn, until all are empty. A turn is long
 * where nobody waits, and else ends with its quota: however much waits for one tenant, others come next.
 *
 * @throws EcosError `consume-refused`
 */
export async function takeTurns(options: TurnsOptions): Promise<void> {
  const { broker, prefetch, onDelivery, onGone, over } = options
  const turns = new Map<string, Turn>()
  const topologies = new Map(options.backlogs.map(({ topology }) => [topology.queue, topology]))
  let line = inOrder(options.backlogs)
  let free = prefetch
  let failure: EcosError | undefined
  /** The fate of one message is known: only then are more taken. */
  let proven = false

  for (let look = 1; !over.aborted && failure === undefined; look += 1) {
    startTurns()
    if (turns.size === 0 || look % countEvery === 0) await lineUp()
    if (turns.size === 0 && line.length === 0) break
    await pause(every, over)
    endIdleTurns()
    makeRoom()
  }
  line = []
  for (const turn of turns.values()) turn.end()
  await Promise.allSettled([...turns.values()].map((turn) => turn.over))
  if (failure !== undefined) throw failure

  function startTurns(): void {
    for (let [next] = line; next !== undefined; [next] = line) {
      const least = Math.min(leastShare, next.ready, prefetch)
      if (over.aborted || free < least || (!proven && turns.size === firstTurns)) return
      const even = Math.floor(prefetch / (line.length + turns.size))
      line.shift()
      start(next, proven ? Math.max(least, Math.min(even, free)) : 1)
    }
  }

  function start({ topology, ready }: Backlog, share: number): void {
    const { queue } = topology
    free -= share
    const turn = startTurn(
      broker,
      topology,
      { share, quota: Math.min(ready, Math.max(share, leastQuota)) },
      {
        onDelivery: carryOn,
        onQuota: makeRoom,
        onFree(count) {
          free += count
          startTurns()
        },
        onGone() {
          topologies.delete(queue)
          onGone(topology)
        },
      },
    )
    turns.set(queue, turn)
    const onOver = () => {
      turns.delete(queue)
      // A quiet queue is empty, whatever it had: others take from it, too.
      const rest = turn.quiet ? 0 : ready - turn.taken
      if (rest > 0 && topologies.has(queue)) line.push({ topology, ready: rest })
      startTurns()
    }
    turn.over.then(onOver, (error: unknown) => {
      turns.delete(queue)
      // Anything else is the loss of the channel, which ends all.
      if (error instanceof EcosError) failure ??= error
    })
  }

  /**
   * A slow start: a bus that took the probe may fail the events themselves, and each message that goes
   * back is one delivery nearer to its queue's limit. While the bus fails, none of the first is done.
   */
  async function carryOn(delivery: Delivery): Promise<Fate> {
    const fate = await onDelivery(delivery)
    if (!proven) {
      proven = true
      for (const turn of turns.values()) turn.end()
    }
    return fate
  }

  /** Those that had their quota end, the longest first, as far as others wait for their part. */
  function makeRoom(): void {
    let wanted = line.reduce((sum, { ready }) => sum + Math.min(leastShare, ready), -free)
    for (const turn of turns.values()) {
      if (turn.ending) wanted -= turn.share
      else if (wanted > 0 && turn.taken >= turn.quota) {
        turn.end()
        wanted -= turn.share
      }
    }
  }

  /** A queue that is quiet is empty; one whose share could double lines up for a larger one. */
  function endIdleTurns(): void {
    for (const turn of turns.values()) {
      turn.look()
      const mayGrow = line.length === 0 && free >= turn.share && turn.taken >= turn.quota
      if (turn.quiet || mayGrow) turn.end()
    }
  }

  async function lineUp(): Promise<void> {
    const known = new Set([...turns.keys(), ...line.map(({ topology }) => topology.queue)])
    const others = [...topologies.values()].filter(({ queue }) => !known.has(queue))
    const counted = await countBacklogs(broker, others).catch((error: unknown) => {
      if (over.aborted) return []
      throw error
    })
    line = [...inOrder(counted), ...line]
    startTurns()
  }
}
