import { messageOf } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { pause, whenAborted } from '../../waiting.ts'
import type { Backlog } from '../backlog.ts'
import { bridgeQueues, withBypasses } from '../bridge-queue.ts'
import type { Broker } from '../broker.ts'
import type { Declare } from '../declaring.ts'
import type { LetGo } from '../leaving.ts'
import type { Topology } from '../topology.ts'

export interface DeclarationsOptions {
  readonly broker: Broker
  readonly served: readonly Topology[]
  /** The topologies of removed tenants, which are unbound. */
  readonly leaving: readonly Topology[]
  /** The topologies of moved tenants, of which a pool may hold messages. */
  readonly moved: readonly Topology[]
  readonly declare: Declare
  readonly letGo: LetGo
  readonly onDeclared: (topology: Topology) => void
  readonly log: Log
  /** Aborted when nothing more is waited for. */
  readonly over: AbortSignal
}

/** The declarations of a drain's queues, of which the last may come while the first queues are drained. */
export interface Declarations {
  /** All have succeeded or failed, and `next` has told of each queue. */
  readonly areOver: boolean
  /**
   * Waits until they are over, at most for so long.
   *
   * @returns the queues that have been declared since the last call
   * @throws the reason of `broker.lost`
   */
  next(milliseconds: number): Promise<Backlog[]>
  /** What went wrong so far, a line for each. */
  failures(): string[]
}

/** A tenant whose queue can't be declared does not keep the others from being drained. */
export function startDeclaring(options: DeclarationsOptions): Declarations {
  const { broker, served, leaving, moved, declare, letGo, onDeclared, log, over } = options
  const queues = withBypasses(bridgeQueues([...served, ...leaving], moved))
  const told = new Set<string>()
  /** Ready messages by queue. */
  const ready = new Map<string, number>()
  const bypasses = new Map<string, Promise<number | undefined>>()
  const failures: string[] = []
  let missing = served.length + leaving.length

  const all = Promise.all([
    ...served.map((topology) =>
      attempt(topology, declare).then((done) => done && onDeclared(topology)),
    ),
    ...leaving.map((topology) => attempt(topology, letGo)),
  ])
  all.catch(() => undefined)

  return {
    get areOver() {
      return missing === 0 && told.size === ready.size
    },
    async next(milliseconds) {
      const waited = new AbortController()
      const patience = pause(milliseconds, AbortSignal.any([over, waited.signal]))
      await Promise.race([all, whenAborted(over), patience]).finally(() => waited.abort())
      if (broker.lost.aborted) throw broker.lost.reason
      const fresh = queues.filter(({ name }) => ready.has(name) && !told.has(name))
      for (const { name } of fresh) told.add(name)
      return fresh.map((queue) => ({ queue, ready: ready.get(queue.name) ?? 0 }))
    },
    failures: () =>
      missing > 0
        ? [...failures, `${missing} queues were not declared before the deadline`]
        : [...failures],
  }

  /** One count for all tenants of the pool. */
  async function countBypass(queue: string): Promise<void> {
    const counting = bypasses.get(queue) ?? broker.count(queue)
    bypasses.set(queue, counting)
    const count = await counting
    if (count !== undefined) ready.set(queue, count)
  }

  /** @returns whether it was done */
  async function attempt(
    topology: Topology,
    act: (broker: Broker, topology: Topology) => Promise<number | undefined>,
  ): Promise<boolean> {
    try {
      const count = await act(broker, topology)
      if (topology.bypass) await countBypass(topology.bypass.queue)
      if (count !== undefined) ready.set(topology.queue, count)
      return true
    } catch (error) {
      if (broker.lost.aborted) throw error
      const { tenant } = topology
      log.error('The queue could not be declared', { tenant, error: error as Error })
      failures.push(messageOf(error))
      return false
    } finally {
      missing -= 1
    }
  }
}
