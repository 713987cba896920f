import type { Channel } from 'amqplib'
import type { Topology } from '../bridge/topology.ts'
import type { ChannelPool } from './channel-pool.ts'
import { declareEntrance } from './declare.ts'

/**
 * Leads the new events of the tenant's neighbours past its flood: from then on the tenant's go to the pool's queue,
 * where its flood waits, and those of the others to the bypass. No message is moved, and each step leaves every
 * event with exactly one way: the entrance's binding comes before its alternate exchange, the bypass, and this one's
 * before the pool's. So it may be repeated, interrupted, and run by several bridges at once.
 *
 * @throws the broker's refusal (precondition failed) if the tenant's events go to another queue meanwhile
 */
export async function openBypass(onChannel: ChannelPool, topology: Topology): Promise<void> {
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
 * Leads the events of all tenants of a pool to its queue again. The bypass closes last: whoever receives from it
 * knows that there is something to undo, also where this was interrupted.
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
