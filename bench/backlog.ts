import { setTimeout as sleep } from 'node:timers/promises'
import { type ConfirmChannel, connect } from 'amqplib'
import { connectBroker } from '../lib/amqp/broker.ts'
import { queuesIn, topologyOf } from '../lib/bridge/topology.ts'
import type { Tenant } from '../lib/tenants/tenants-file.ts'
import { newEvent } from './events.ts'

/** Messages that may wait for publisher confirms. */
const maxUnconfirmed = 2_000

/** Declares the tenants' queues as the bridge does, and empties them; no bypass is left open. */
export async function declareQueues(amqpUrl: string, tenants: readonly Tenant[]): Promise<void> {
  const broker = await connectBroker(amqpUrl)
  const topologies = tenants.map(topologyOf)
  await Promise.all(topologies.map((topology) => broker.declare(topology)))
  await broker.closeBypass(topologies.filter(({ bypass }) => bypass !== undefined))
  await broker.close()
  await onChannel(amqpUrl, async (channel) => {
    const queues = new Set(topologies.flatMap(queuesIn).map(({ queue }) => queue))
    for (const queue of queues) await channel.purgeQueue(queue)
  })
}

/** How the events are made. */
export interface Making {
  /** Whether each carries its publishing time. */
  readonly clock?: boolean
  /** The id of each, by its number from 0 on (default: a random one). */
  readonly idOf?: (index: number) => string
}

/** Publishes events as ECOS does, round-robin over the tenants, and awaits all confirms. */
export async function fill(
  amqpUrl: string,
  tenants: readonly Tenant[],
  count: number,
  making: Making = {},
): Promise<void> {
  await onChannel(amqpUrl, async (channel) => {
    for (let index = 0; index < count; index += 1) {
      publishOne(channel, tenants, index, making)
      if (index % maxUnconfirmed === maxUnconfirmed - 1) await channel.waitForConfirms()
    }
    await channel.waitForConfirms()
  })
}

/**
 * Publishes at an even rate.
 *
 * @param onPublished told how many there are so far
 */
export async function trickle(
  amqpUrl: string,
  tenants: readonly Tenant[],
  rate: { readonly perSecond: number; readonly seconds: number },
  making: Making = { clock: true },
  onPublished?: (count: number) => void,
): Promise<void> {
  await onChannel(amqpUrl, async (channel) => {
    const start = performance.now()
    const count = rate.perSecond * rate.seconds
    for (let index = 0; index < count; ) {
      const due = ((performance.now() - start) / 1000) * rate.perSecond
      for (; index < Math.min(due, count); index += 1) publishOne(channel, tenants, index, making)
      onPublished?.(index)
      await sleep(1)
    }
    await channel.waitForConfirms()
  })
}

function publishOne(
  channel: ConfirmChannel,
  tenants: readonly Tenant[],
  index: number,
  { clock, idOf }: Making,
): void {
  const { type, body } = newEvent(index, clock, idOf?.(index))
  const tenant = tenants[index % tenants.length] as Tenant
  const properties = { contentType: 'text/plain', deliveryMode: 2, priority: 0 }
  channel.publish(`tenant.${tenant.id}.events`, type, body, properties)
}

export async function onChannel(
  amqpUrl: string,
  work: (channel: ConfirmChannel) => Promise<void>,
): Promise<void> {
  const connection = await connect(amqpUrl)
  try {
    await work(await connection.createConfirmChannel())
  } finally {
    await connection.close()
  }
}
