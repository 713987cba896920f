import type { Channel } from 'amqplib'
import { deadLetterQueueArguments, queueArguments, type Topology } from '../bridge/topology.ts'
import { EcosError, messageOf } from '../errors.ts'
import { accessRefused, notFound, preconditionFailed, replyCode } from './reply-code.ts'

/** RabbitMQ may refuse each of these calls and then closes the channel: pass one that may be lost. */

/**
 * @returns the number of ready messages
 * @throws EcosError `queue-differs` when a queue or exchange of that name exists with other arguments;
 *   `not-declared` for everything else
 */
export async function declareTopology(channel: Channel, topology: Topology): Promise<number> {
  const { exchange, queue, deadLetterQueue, bind, unbind } = topology
  try {
    await channel.assertExchange(exchange, 'topic', { durable: true })
    await channel.assertQueue(deadLetterQueue, {
      durable: true,
      arguments: deadLetterQueueArguments,
    })
    const { messageCount } = await channel.assertQueue(queue, {
      durable: true,
      arguments: queueArguments(topology),
    })
    for (const routingKey of bind) await channel.bindQueue(queue, exchange, routingKey)
    for (const routingKey of unbind) await channel.unbindQueue(queue, exchange, routingKey)
    return messageCount
  } catch (cause) {
    throw notDeclared(topology, cause)
  }
}

function notDeclared({ tenant, queue, exchange }: Topology, cause: unknown): EcosError {
  const code = replyCode(cause)
  const advice =
    code === preconditionFailed
      ? 'If it exists with other arguments, move its messages away and delete it: '
      : code === accessRefused
        ? 'Give the user the permissions listed in docs/deploy/README.md: '
        : ''
  return new EcosError(
    code === preconditionFailed ? 'queue-differs' : 'not-declared',
    `Tenant ${tenant}: the queue ${queue} on ${exchange} can't be declared. ${advice}${messageOf(cause)}`,
    { cause, retryable: code === undefined },
  )
}

export async function unbindTopology(channel: Channel, topology: Topology): Promise<void> {
  for (const routingKey of [...topology.bind, ...topology.unbind]) {
    await channel.unbindQueue(topology.queue, topology.exchange, routingKey)
  }
}

/**
 * RabbitMQ refuses `if-empty` and `if-unused` for quorum queues, so both are checked first: without a
 * consumer nothing is unacknowledged, and without a binding nothing arrives in between.
 */
export async function deleteEmptyQueue(channel: Channel, queue: string): Promise<void> {
  const { messageCount, consumerCount } = await channel.checkQueue(queue).catch((cause) => {
    if (replyCode(cause) !== notFound) throw cause
    throw new EcosError('queue-absent', `There is no queue ${queue}`, { cause })
  })
  if (consumerCount > 0) {
    throw new EcosError(
      'queue-in-use',
      `The queue ${queue} has ${consumerCount} consumers and was not deleted: ` +
        'take the tenant out of tenants.yml, restart the bridges, and try again',
    )
  }
  if (messageCount > 0) {
    throw new EcosError(
      'queue-not-empty',
      `The queue ${queue} holds ${messageCount} messages and was not deleted`,
    )
  }
  await channel.deleteQueue(queue)
}
