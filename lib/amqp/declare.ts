import type { Channel } from 'amqplib'
import {
  deadLetterQueueArguments,
  type Queues,
  queueArguments,
  queuesIn,
  type Topology,
} from '../bridge/topology.ts'
import { EcosError, messageOf } from '../errors.ts'
import { accessRefused, notFound, preconditionFailed, replyCode } from './reply-code.ts'

/** RabbitMQ may refuse each of these calls and then closes the channel: pass one that may be lost. */

/**
 * @returns the number of ready messages
 * @throws EcosError `queue-differs` when a queue or exchange of that name exists with other arguments;
 *   `not-declared` for everything else
 */
export async function declareTopology(channel: Channel, topology: Topology): Promise<number> {
  try {
    await channel.assertExchange(topology.exchange, 'topic', { durable: true })
    // First of all: a tenant whose entrance leads to another queue is not bound to this one as well.
    await declareEntrance(channel, topology)
    const messageCount = await declareQueues(channel, topology)
    await bindEntrance(channel, topology)
    await bindTypes(channel, topology)
    return messageCount
  } catch (cause) {
    throw notDeclared(topology, cause)
  }
}

/**
 * Declares the queues, with those of a pool's bypass.
 *
 * @returns the number of ready messages, without those of the bypass
 */
export async function declareQueues(channel: Channel, topology: Topology): Promise<number> {
  const { wire } = topology
  const [own, ...others] = queuesIn(topology)
  for (const queues of others) await declarePair(channel, queues, wire)
  return declarePair(channel, own, wire)
}

async function declarePair(
  channel: Channel,
  { queue, deadLetterQueue }: Queues,
  wire: Topology['wire'],
): Promise<number> {
  await channel.assertQueue(deadLetterQueue, {
    durable: true,
    arguments: deadLetterQueueArguments,
  })
  const { messageCount } = await channel.assertQueue(queue, {
    durable: true,
    arguments: queueArguments({ deadLetterQueue, wire }),
  })
  return messageCount
}

/** The broker refuses an entrance whose alternate exchange is another (precondition failed). */
export async function declareEntrance(
  channel: Channel,
  { entrance, pool, bypass }: Topology,
): Promise<void> {
  const chain = [pool, bypass?.queue, entrance].filter((name) => name !== undefined)
  for (const [index, name] of chain.entries()) {
    const alternateExchange = chain[index - 1]
    await channel.assertExchange(name, 'fanout', {
      durable: true,
      ...(alternateExchange !== undefined && { alternateExchange }),
    })
  }
}

/** Leads the entrance, or the pool behind it, to the queue. */
export async function bindEntrance(
  channel: Channel,
  { entrance, pool, queue }: Topology,
): Promise<void> {
  await channel.bindQueue(queue, pool ?? entrance, '')
}

/** Binds the enabled types to the queue or, for a pool, to the entrance, and unbinds the others. */
export async function bindTypes(channel: Channel, topology: Topology): Promise<void> {
  const { exchange, entrance, pool, queue, bind, unbind } = topology
  for (const type of bind) {
    if (pool === undefined) await channel.bindQueue(queue, exchange, type)
    else await channel.bindExchange(entrance, exchange, type)
  }
  for (const type of unbind) {
    if (pool === undefined) await channel.unbindQueue(queue, exchange, type)
    else await channel.unbindExchange(entrance, exchange, type)
  }
}

/** Says in a sentence what the broker refused, for the tenant. */
export function notDeclared({ tenant, queue, exchange }: Topology, cause: unknown): EcosError {
  if (cause instanceof EcosError) return cause
  const code = replyCode(cause)
  const advice =
    code === preconditionFailed
      ? /alternate-exchange/.test(messageOf(cause))
        ? "The tenant's events go to another queue: run `ecos-eventbridge bridge change-over`: "
        : 'If it exists with other arguments, move its messages away and delete it: '
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
  await bindTypes(channel, {
    ...topology,
    bind: [],
    unbind: [...topology.bind, ...topology.unbind],
  })
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
