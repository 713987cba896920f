import { EcosError } from '../errors.ts'
import { eventTypes } from '../events/catalogue.ts'
import type { Broker } from './broker.ts'
import { topologyOf } from './topology.ts'

/** What became of a queue. */
export interface Removal {
  readonly queue: string
  readonly outcome: 'deleted' | 'kept'
  /** Why it was kept. */
  readonly explanation?: string
}

/**
 * Ends a tenant's bindings, so that no further event enters its queue. Its queue and its dead-letter
 * queue are deleted only when that is asked for, and only those that are empty.
 *
 * @returns what became of each queue; none when none was to be deleted
 */
export async function unbindTenant(
  broker: Broker,
  tenantId: string,
  deleteEmptyQueues: boolean,
): Promise<Removal[]> {
  const topology = topologyOf({ id: tenantId, events: [...eventTypes], locale: 'ru', cell: 'main' })
  await broker.unbind(topology)
  if (!deleteEmptyQueues) return []
  const removals: Removal[] = []
  for (const queue of [topology.queue, topology.deadLetterQueue]) {
    removals.push(await removeEmpty(broker, queue))
  }
  return removals
}

async function removeEmpty(broker: Broker, queue: string): Promise<Removal> {
  try {
    await broker.deleteEmpty(queue)
    return { queue, outcome: 'deleted' }
  } catch (error) {
    if (!(error instanceof EcosError)) throw error
    return { queue, outcome: 'kept', explanation: error.message }
  }
}
