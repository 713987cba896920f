import type { Log } from '../log.ts'
import type { Broker } from './broker.ts'
import { memoryKey, type QueueMemory } from './declaring.ts'
import { queuesIn, type Topology } from './topology.ts'

/**
 * Lets a removed tenant go: unbinds its queue, so that no further event enters it, and says once what
 * stays when the queue is empty.
 *
 * @param isIdle whether no message of the queue is on its way to the bus (default: none is)
 * @returns the number of ready messages; undefined if the queue does not exist
 */
export type LetGo = (
  broker: Broker,
  topology: Topology,
  isIdle?: () => boolean,
) => Promise<number | undefined>

/** Remembers what was unbound: each binding costs the broker a transaction. */
export function createLetGo(log: Log, memory: QueueMemory = new Map()): LetGo {
  return async (broker, topology, isIdle = () => true) => {
    const key = memoryKey(broker, topology)
    let ready = await broker.count(topology.queue)
    if (ready === undefined) return undefined
    const last = memory.get(key)?.as
    if (last !== 'unbound' && last !== 'drained') {
      await broker.unbind(topology)
      memory.set(key, { as: 'unbound' })
      ready = await broker.count(topology.queue)
    }
    if (ready !== 0 || !isIdle() || last === 'drained') return ready
    const { bypass } = topology
    if (bypass && ((await broker.count(bypass.queue)) ?? 0) > 0) return ready
    memory.set(key, { as: 'drained' })
    await sayWhatStays(broker, topology)
    return ready
  }

  async function sayWhatStays(broker: Broker, topology: Topology): Promise<void> {
    const { tenant, queue, deadLetterQueue } = topology
    const counting = queuesIn(topology).map((queues) => broker.count(queues.deadLetterQueue))
    const counts = await Promise.all(counting)
    const deadLetters = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
    log.info('A removed tenant is drained; its empty queue and its dead letters stay', {
      tenant,
      queue,
      deadLetterQueue,
      deadLetters,
    })
  }
}
