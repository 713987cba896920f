import type { Channel, ChannelModel } from 'amqplib'
import { EcosError, messageOf } from '../errors.ts'
import { replyCode } from './reply-code.ts'

/**
 * Does something on a channel of its own, since the broker closes the channel on which it refuses.
 *
 * @param what to what it did not come, for the error
 * @param absent the reply code that means "not there" and gives undefined, where there is one
 * @throws EcosError `broker-refused`
 */
export type OnChannel = <T>(
  what: string,
  absent: number | undefined,
  work: (channel: Channel) => Promise<T>,
) => Promise<T | undefined>

export function onOwnChannel(connection: ChannelModel): OnChannel {
  return async (what, absent, work) => {
    const channel = await connection.createChannel().catch((cause) => {
      throw refused(what, cause)
    })
    // The call that is refused tells of it.
    channel.on('error', () => undefined)
    try {
      const result = await work(channel)
      await channel.close()
      return result
    } catch (cause) {
      if (absent !== undefined && replyCode(cause) === absent) return undefined
      throw cause instanceof EcosError ? cause : refused(what, cause)
    }
  }
}

export function refused(what: string, cause: unknown): EcosError {
  return new EcosError('broker-refused', `RabbitMQ did not ${what}: ${messageOf(cause)}`, { cause })
}
