import type { Channel, ChannelModel, ConfirmChannel, GetMessage, Options } from 'amqplib'
import type { BridgeQueue } from '../bridge/bridge-queue.ts'
import type { ChangeOverBroker, Moved } from '../bridge/change-over.ts'
import type { Topology } from '../bridge/topology.ts'
import { EcosError, messageOf } from '../errors.ts'
import { propertiesBack, routingKeyBack } from '../operations/quarantined.ts'
import { type ChannelPool, createChannelPool } from './channel-pool.ts'
import {
  bindEntrance,
  bindTypes,
  declareEntrance,
  declareQueues,
  declareTopology,
  notDeclared,
  unbindTopology,
} from './declare.ts'
import { publishConfirmed } from './publish-confirmed.ts'
import { countOf } from './queue-counts.ts'
import { preconditionFailed, replyCode } from './reply-code.ts'

/**
 * Moves tenants between queues of their own and pools. Each step leaves every event with exactly one way into
 * a queue, whenever it is published: a queue gets an event once although two ways lead to it, and a binding
 * of the entrance takes the event before the alternate exchange does. So each step may be repeated, and an
 * interrupted change-over run again.
 */
export function changeOverBroker(connection: ChannelModel): ChangeOverBroker {
  const onChannel = createChannelPool(connection)
  return {
    async toOwn(own, pools) {
      await toOwn(onChannel, own, pools).catch((cause) => {
        throw notDeclared(own, cause)
      })
    },
    async toPool(own, pooled, pools) {
      await toPool(onChannel, own, pooled, pools).catch((cause) => {
        throw notDeclared(pooled, cause)
      })
    },
    count: (queue) => countOf(onChannel, queue),
    moveAll: (queue) => moveAll(connection, queue),
  }
}

async function toOwn(
  onChannel: ChannelPool,
  own: Topology,
  pools: readonly string[],
): Promise<void> {
  if (await leadsTo(onChannel, own)) await onChannel((channel) => declareTopology(channel, own))
  else await onChannel((channel) => leavePool(channel, own, pools))
}

async function leavePool(channel: Channel, own: Topology, pools: readonly string[]): Promise<void> {
  await declareQueues(channel, own)
  // Where the tenant floods its pool, its entrance is bound to the pool's queue.
  for (const pool of pools) await channel.unbindQueue(pool, own.entrance, '')
  // From here on the entrance leads to the own queue and no more to the pool.
  await bindEntrance(channel, own)
  await bindTypes(channel, own)
  await channel.deleteExchange(own.entrance)
  await declareEntrance(channel, own)
  await bindEntrance(channel, own)
}

async function toPool(
  onChannel: ChannelPool,
  own: Topology,
  pooled: Topology,
  pools: readonly string[],
): Promise<void> {
  const hasOwn = (await countOf(onChannel, own.queue)) !== undefined
  await onChannel(async (channel) => {
    await channel.assertExchange(own.exchange, 'topic', { durable: true })
    await declareQueues(channel, pooled)
  })
  if (await leadsTo(onChannel, pooled)) return enterPool(onChannel, own, pooled, { hasOwn, pools })
  await toOwn(onChannel, own, pools)
  await onChannel((channel) => channel.deleteExchange(own.entrance))
  await onChannel((channel) => declareEntrance(channel, pooled))
  await enterPool(onChannel, own, pooled, { hasOwn: true, pools })
}

/** Whether the tenant's entrance leads there; it is declared if it does not exist. */
async function leadsTo(onChannel: ChannelPool, topology: Topology): Promise<boolean> {
  try {
    await onChannel((channel) => declareEntrance(channel, topology))
    return true
  } catch (error) {
    if (replyCode(error) === preconditionFailed) return false
    throw error
  }
}

async function enterPool(
  onChannel: ChannelPool,
  own: Topology,
  pooled: Topology,
  { hasOwn, pools }: { readonly hasOwn: boolean; readonly pools: readonly string[] },
): Promise<void> {
  await onChannel(async (channel) => {
    await bindEntrance(channel, pooled)
    // Where the tenant floods it or, since a bridge died as it opened a bypass, a former one.
    for (const pool of [pooled.queue, ...pools])
      await channel.unbindQueue(pool, pooled.entrance, '')
    if (hasOwn) await bindEntrance(channel, own)
    await bindTypes(channel, pooled)
    await unbindTopology(channel, own)
    // From here on the entrance leads to the pool.
    await channel.unbindQueue(own.queue, own.entrance, '')
  })
}

/** Messages that are sent on at once: bounds the memory. */
const mostOut = 100

/** Sends each message through its tenant's entrance, and acknowledges it when the broker has confirmed that. */
async function moveAll(connection: ChannelModel, queue: BridgeQueue): Promise<Moved> {
  const channel = await connection.createConfirmChannel()
  channel.on('error', () => undefined)
  const returned: string[] = []
  channel.on('return', ({ fields }) => void returned.push(fields.exchange))
  const left: GetMessage[] = []
  let moved = 0
  try {
    for (;;) {
      const messages = await take(channel, queue.name)
      if (messages.length === 0) break
      const sent = await Promise.all(messages.map((message) => sendOn(channel, queue, message)))
      if (returned.length > 0) throw new Error(`the exchange ${returned[0]} leads to no queue`)
      for (const [index, message] of messages.entries()) {
        if (sent[index]) channel.ack(message)
        else left.push(message)
      }
      moved += sent.filter(Boolean).length
    }
    for (const message of left) channel.nack(message)
    await channel.close()
    return { moved, left: left.length }
  } catch (cause) {
    await channel.close().catch(() => undefined)
    const problem = `A message of ${queue.name} could not be moved, run again: ${messageOf(cause)}`
    throw new EcosError('not-confirmed', problem, { cause, retryable: true })
  }
}

async function take(channel: ConfirmChannel, queue: string): Promise<GetMessage[]> {
  const taken = await Promise.all(Array.from({ length: mostOut }, () => channel.get(queue)))
  return taken.filter((message) => message !== false)
}

/** @returns false for a message that is no tenant's */
async function sendOn(
  channel: ConfirmChannel,
  queue: BridgeQueue,
  { fields, properties, content }: GetMessage,
): Promise<boolean> {
  const { entrance, ...origin } = queue.attribute(fields)
  if (entrance === undefined) return false
  const options = propertiesBack({ ...properties }) as Options.Publish
  await publishConfirmed(channel, entrance, routingKeyBack(origin), content, {
    ...options,
    mandatory: true,
    deliveryMode: 2,
  })
  return true
}
