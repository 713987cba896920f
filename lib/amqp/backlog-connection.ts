import type { ChannelModel } from 'amqplib'
import { endConnection } from './connection.ts'
import { type Consumers, createConsumers } from './consumers.ts'

/**
 * Consumers of backlogs on a connection of their own, opened when one is first needed. A connection delivers in
 * order: on the same one, the hundreds of messages that a backlog has on their way would stand before each new
 * message of every other queue.
 *
 * @param fallback takes the backlogs where no second connection can be opened, for example because of a limit
 * @param lose called when the connection is lost, and its unsettled messages with it
 */
export function createBacklogConsumers(
  connect: () => Promise<ChannelModel>,
  fallback: Consumers,
  lose: (cause?: unknown) => void,
): Consumers {
  let opening: Promise<{ connection: ChannelModel; consumers: Consumers } | undefined> | undefined

  return {
    async consume(...args) {
      opening ??= open().catch(() => undefined)
      const { consumers } = (await opening) ?? { consumers: fallback }
      return consumers.consume(...args)
    },
    async stop() {
      await (await opening)?.consumers.stop()
    },
    async close() {
      const opened = await opening
      if (opened) await endConnection(opened.connection, opened.consumers.close)
    },
  }

  async function open() {
    const connection = await connect()
    connection.on('error', lose)
    connection.on('close', lose)
    return { connection, consumers: createConsumers(connection, lose) }
  }
}
