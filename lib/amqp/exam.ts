import type { Channel, ChannelModel } from 'amqplib'
import { deadLetterQueueArguments, queueArguments } from '../bridge/topology.ts'
import type { BrokerExam } from '../operations/doctor/broker.ts'
import { notFound, preconditionFailed, replyCode } from './reply-code.ts'

/** Looks at a broker without changing anything: what is not there is not declared. */
export function createExam(connection: ChannelModel): BrokerExam {
  return {
    version: String(connection.connection.serverProperties.version),
    hasExchange: async ({ exchange }) =>
      (await codeOf(connection, (channel) => channel.checkExchange(exchange))) === undefined,
    async compareQueues(topology) {
      const { queue, deadLetterQueue } = topology
      const queues = [
        [queue, queueArguments(topology)],
        [deadLetterQueue, deadLetterQueueArguments],
      ] as const
      for (const [name, queueArgs] of queues) {
        // What is there is not made by being declared: the broker compares, and refuses what differs.
        const code = await codeOf(connection, async (channel) => {
          await channel.checkQueue(name)
          await channel.assertQueue(name, { durable: true, arguments: queueArgs })
        })
        if (code === notFound) return 'absent'
        if (code === preconditionFailed) return 'differs'
      }
      return 'same'
    },
  }
}

/**
 * On a channel of its own, since the broker closes the one on which it refuses something.
 *
 * @returns the broker's code where it refused
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
