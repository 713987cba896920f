import type { Channel, ChannelModel } from 'amqplib'
import pLimit from 'p-limit'

/**
 * Channels for questions at once. AMQP answers those of one channel in turn, so that a few channels
 * share the waiting; more of them bring nothing (docs/performance.md).
 */
const mostChannels = 16

/** Does the work on a channel that nothing else uses meanwhile. */
export type OnChannel = <T>(work: (channel: Channel) => Promise<T>) => Promise<T>

/**
 * Channels that may be lost: the broker closes the one on which it refuses something. The failure is
 * told by the call that caused it, and its channel is not used again.
 */
export function createExpendable(connection: ChannelModel): OnChannel {
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
