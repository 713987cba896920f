import type { Channel, ChannelModel } from 'amqplib'
import { deadLetterQueueArguments, queueArguments, queuesIn } from '../bridge/topology.ts'
import type { BrokerExam } from '../operations/doctor/broker.ts'
import { declareEntrance } from './declare.ts'
import { notFound, preconditionFailed, replyCode } from './reply-code.ts'

/** Examines a broker without changing it. */
export function createExam(connection: ChannelModel): BrokerExam {
  return {
    version: String(connection.connection.serverProperties.version),
    hasExchange: async ({ exchange }) =>
      (await codeOf(connection, (channel) => channel.checkExchange(exchange))) === undefined,
    async compareQueues(topology) {
      const { entrance, wire } = topology
      const queues = queuesIn(topology).flatMap(
        ({ queue, deadLetterQueue }) =>
          [
            [queue, queueArguments({ deadLetterQueue, wire })],
            [deadLetterQueue, deadLetterQueueArguments],
          ] as const,
      )
      for (const [name, queueArgs] of queues) {
        // Declaring an existing queue only compares its arguments: the broker refuses a difference.
        const code = await codeOf(connection, async (channel) => {
          await channel.checkQueue(name)
          await channel.assertQueue(name, { durable: true, arguments: queueArgs })
        })
        if (code === notFound) return 'absent'
        if (code === preconditionFailed) return 'differs'
      }
      const code = await codeOf(connection, async (channel) => {
        await channel.checkExchange(entrance)
        await declareEntrance(channel, topology)
      })
      if (code === notFound) return 'absent'
      return code === preconditionFailed ? 'elsewhere' : 'same'
    },
  }
}

/**
 * Uses its own channel, because the broker closes a channel on which it refuses a call.
 *
 * @returns the broker's reply code if it refused
 */
async function codeOf(
  connection: ChannelModel,
  work: (channel: Channel) => Promise<unknown>,
): Promise<number | undefined> {
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  try {
    await work(channel)
    await channel.close()
    return undefined
  } catch (error) {
    const code = replyCode(error)
    if (code === notFound || code === preconditionFailed) return code
    throw error
  }
}
