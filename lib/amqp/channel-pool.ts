import type { Channel, ChannelModel } from 'amqplib'
import pLimit from 'p-limit'

/**
 * Concurrent channels. AMQP answers the calls of a channel one after another, so a few channels share
 * the waiting; more bring nothing (docs/performance.md).
 */
const mostChannels = 16

/** Runs work on a channel that nothing else uses meanwhile. */
export type ChannelPool = <T>(work: (channel: Channel) => Promise<T>) => Promise<T>

/**
 * A pool of channels that may be lost: the broker closes a channel on which it refuses a call. The call
 * rejects, and its channel is not used again.
 */
export function createChannelPool(connection: ChannelModel): ChannelPool {
  const limit = pLimit(mostChannels)
  const idle: Channel[] = []

  return (work) =>
    limit(async () => {
      const channel = idle.pop() ?? (await quietChannel(connection))
      const result = await work(channel)
      idle.push(channel)
      return result
    })
}

async function quietChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  return channel
}
