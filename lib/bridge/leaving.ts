import type { Log } from '../log.ts'
import type { Broker } from './broker.ts'
import type { Topology } from './topology.ts'

/**
 * Lets a removed tenant go: unbinds its queue, so that no further event enters it, and says once what
 * stays when the queue is empty.
 *
 * @returns the number of ready messages; undefined if the queue does not exist
 */
export type LetGo = (broker: Broker, topology: Topology) => Promise<number | undefined>

/** Remembers what was unbound: each binding costs the broker a transaction. */
export function createLetGo(log: Log): LetGo {
  const releases = new Map<string, 'unbound' | 'drained'>()

  return async (broker, topology) => {
    const key = JSON.stringify([broker.address, topology.queue])
    const ready = await broker.count(topology.queue)
    if (ready === undefined) return undefined
    const before = releases.get(key)
    if (before === undefined) {
      await broker.unbind(topology)
      releases.set(key, 'unbound')
      return broker.count(topology.queue)
    }
    if (ready === 0 && before === 'unbound') {
      releases.set(key, 'drained')
      await sayWhatStays(broker, topology)
    }
    return ready
  }

  async function sayWhatStays(broker: Broker, topology: Topology): Promise<void> {
    const { tenant, queue, deadLetterQueue } = topology
    const deadLetters = await broker.count(deadLetterQueue)
    log.info('A removed tenant is drained; its empty queue and its dead letters stay', {
      tenant,
      queue,
      deadLetterQueue,
      deadLetters,
    })
  }
}
