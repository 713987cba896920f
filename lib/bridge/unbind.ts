import { EcosError } from '../errors.ts'
import { eventTypes } from '../events/catalogue.ts'
import type { Broker } from './broker.ts'
import { topologyOf } from './topology.ts'

/** What became of a queue, and where it was not deleted, why. */
export interface Removal {
  readonly queue: string
  readonly outcome: 'deleted' | 'absent' | 'kept'
  readonly explanation?: string
}

/**
 * Ends a tenant's bindings, so that no further event enters its queue. The queue is deleted only when
 * that is asked for and it is empty; then its dead-letter queue, if that is empty too.
 *
 * @returns what became of each queue that was to be deleted, and a queue that is not there
 */
export async function unbindTenant(
  broker: Broker,
  tenantId: string,
  deleteEmptyQueues: boolean,
): Promise<Removal[]> {
  const topology = topologyOf({ id: tenantId, events: [...eventTypes], locale: 'ru', cell: 'main' })
  await broker.unbind(topology)
  if (!deleteEmptyQueues) return missing(broker, topology.queue)
  const queue = await removeEmpty(broker, topology.queue)
  // A queue that stays still needs the place where its dead letters go.
  return queue.outcome === 'kept'
    ? [queue]
    : [queue, await removeEmpty(broker, topology.deadLetterQueue)]
}

/** RabbitMQ ends the bindings of a queue that is not there without a word. */
async function missing(broker: Broker, queue: string): Promise<Removal[]> {
  if ((await broker.count(queue)) !== undefined) return []
  const explanation = `There is no queue ${queue}: check --tenant, and the virtual host in AMQP_URL`
  return [{ queue, outcome: 'absent', explanation }]
}

async function removeEmpty(broker: Broker, queue: string): Promise<Removal> {
  try {
    await broker.deleteEmpty(queue)
    return { queue, outcome: 'deleted' }
  } catch (error) {
    if (!(error instanceof EcosError)) throw error
    const outcome = error.code === 'queue-absent' ? 'absent' : 'kept'
    return { queue, outcome, explanation: error.message }
  }
}
