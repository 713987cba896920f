import { EcosError } from '../errors.ts'
import { eventTypes } from '../events/catalogue.ts'
import type { Broker } from './broker.ts'
import { ownTopologyOf } from './topology.ts'

/** The outcome for a queue, with the reason if it was not deleted. */
export interface Removal {
  readonly queue: string
  readonly outcome: 'deleted' | 'absent' | 'kept'
  readonly explanation?: string
}

/**
 * Removes a tenant's bindings, so that no further event enters its queue. With `deleteEmptyQueues` it
 * deletes the queue if it is empty, and then its dead-letter queue likewise.
 *
 * @returns the outcome for each queue to delete, or for a queue that does not exist
 */
export async function unbindTenant(
  broker: Broker,
  tenantId: string,
  deleteEmptyQueues: boolean,
): Promise<Removal[]> {
  const topology = ownTopologyOf({
    id: tenantId,
    events: [...eventTypes],
    locale: 'ru',
    cell: 'main',
  })
  await broker.unbind(topology)
  // Whether the tenant's events went to a pool, the id alone does not tell.
  await broker.unbind({ ...topology, pool: topology.queue })
  if (!deleteEmptyQueues) return missing(broker, topology.queue)
  const removals = await removeQueues(broker, topology)
  if (removals.every(({ outcome }) => outcome !== 'kept')) {
    await broker.deleteExchange(topology.entrance)
  }
  return removals
}

/** Deletes the queue if it is empty, and then its dead-letter queue likewise. */
export async function removeQueues(
  broker: Pick<Broker, 'deleteEmpty'>,
  { queue, deadLetterQueue }: { readonly queue: string; readonly deadLetterQueue: string },
): Promise<Removal[]> {
  const removal = await removeEmpty(broker, queue)
  // A queue that is kept still needs its dead-letter queue.
  return removal.outcome === 'kept'
    ? [removal]
    : [removal, await removeEmpty(broker, deadLetterQueue)]
}

/** RabbitMQ reports no error when it unbinds a queue that does not exist. */
async function missing(broker: Broker, queue: string): Promise<Removal[]> {
  if ((await broker.count(queue)) !== undefined) return []
  const explanation = `There is no queue ${queue}: check --tenant, and the virtual host in AMQP_URL`
  return [{ queue, outcome: 'absent', explanation }]
}

async function removeEmpty(broker: Pick<Broker, 'deleteEmpty'>, queue: string): Promise<Removal> {
  try {
    await broker.deleteEmpty(queue)
    return { queue, outcome: 'deleted' }
  } catch (error) {
    if (!(error instanceof EcosError)) throw error
    const outcome = error.code === 'queue-absent' ? 'absent' : 'kept'
    return { queue, outcome, explanation: error.message }
  }
}
