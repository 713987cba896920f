import type { Channel } from 'amqplib'
import type { Topology } from '../bridge/topology.ts'
import type { ChannelPool } from './channel-pool.ts'
import { declareEntrance, notDeclared } from './declare.ts'

/**
 * Leads the new events of the pool's tenants to its bypass, and then those of this one, which floods the pool, to the
 * pool's queue. No message is moved, and each step leaves every event with exactly one way: a binding of the
 * tenant's entrance takes it before the alternate exchange, the bypass, does, and a binding of the bypass before the
 * pool. So it may be repeated, interrupted, and run by several bridges at once.
 *
 * @throws EcosError `queue-differs` if the tenant's events go to another queue meanwhile; `not-declared`
 */
export async function openBypass(onChannel: ChannelPool, topology: Topology): Promise<void> {
  await open(onChannel, topology).catch((cause) => {
    throw notDeclared(topology, cause)
  })
}

async function open(onChannel: ChannelPool, topology: Topology): Promise<void> {
  const { entrance, queue, bypass } = topology
  if (bypass === undefined) return
  await onChannel(async (channel) => {
    // A change-over may have led the tenant elsewhere: a binding would lead its events back.
    await declareEntrance(channel, topology)
    await channel.bindQueue(bypass.queue, bypass.queue, '')
    await channel.bindQueue(queue, entrance, '')
  })
  await onChannel((channel) => declareEntrance(channel, topology)).catch(async (error) => {
    await onChannel((channel) => unbindEntrance(channel, topology))
    throw error
  })
}

/**
 * Leads the events of all tenants of a pool to its queue again. The bypass closes last: if this is interrupted, the
 * next message from the bypass tells a bridge that there is something to undo.
 */
export async function closeBypass(
  onChannel: ChannelPool,
  topologies: readonly Topology[],
): Promise<void> {
  await Promise.all(
    topologies.map((topology) => onChannel((channel) => unbindEntrance(channel, topology))),
  )
  for (const bypass of new Set(topologies.flatMap((topology) => topology.bypass?.queue ?? []))) {
    await onChannel((channel) => channel.unbindQueue(bypass, bypass, ''))
  }
}

async function unbindEntrance(channel: Channel, { entrance, queue }: Topology): Promise<void> {
  await channel.unbindQueue(queue, entrance, '')
}
