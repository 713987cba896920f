import type { ChannelModel } from 'amqplib'
import { ifThere } from './reply-code.ts'

/** Counts the consumers of these queues. @returns undefined if none of the queues exists */
export async function countConsumers(
  connection: ChannelModel,
  queues: readonly string[],
): Promise<number | undefined> {
  let count: number | undefined
  for (const queue of queues) {
    // The broker closes a channel on which it refuses a call.
    const channel = await connection.createChannel()
    channel.on('error', () => undefined)
    const found = await ifThere(channel.checkQueue(queue))
    if (found === undefined) continue
    await channel.close()
    count = (count ?? 0) + found.consumerCount
  }
  return count
}
