import type { ChannelModel } from 'amqplib'
import { endConnection, open } from './connection.ts'

/** A connection that publishes alone, opened when it is first needed, and again after it is lost. */
export interface PublishingConnection {
  /** @throws EcosError `broker-unreachable`, `broker-not-trusted` */
  opened(): Promise<ChannelModel>
  /** @param listener gets the broker's reason when it blocks the connection, and later undefined */
  onBlocked(listener: (reason: string | undefined) => void): void
  close(): Promise<void>
}

export function createPublishingConnection(url: string, ca?: string): PublishingConnection {
  const listeners = new Set<(reason: string | undefined) => void>()
  let opening: Promise<ChannelModel> | undefined
  let current: ChannelModel | undefined
  let closed = false
  const tell = (reason?: string) => {
    for (const listener of listeners) listener(reason)
  }

  return {
    opened() {
      opening ??= openOne()
      return opening
    },
    onBlocked: (listener) => void listeners.add(listener),
    async close() {
      closed = true
      // A connection that is still being opened is closed afterwards.
      if (current !== undefined) await endConnection(current)
    },
  }

  async function openOne(): Promise<ChannelModel> {
    try {
      const connection = await open(url, ca)
      if (closed) await endConnection(connection)
      connection.on('blocked', tell)
      connection.on('unblocked', () => tell())
      connection.on('close', () => {
        opening = undefined
        current = undefined
      })
      current = connection
      return connection
    } catch (error) {
      opening = undefined
      throw error
    }
  }
}
