import type { Channel, ChannelModel } from 'amqplib'
import { EcosError, messageOf } from '../errors.ts'
import { replyCode } from './reply-code.ts'

/**
 * Calls the broker on a channel of its own, since the broker closes a channel on which it refuses a
 * call.
 *
 * @param what completes "RabbitMQ did not …" in the error
 * @param absent the reply code, if any, that means "not there": the call then returns undefined
 * @throws EcosError `broker-refused`
 */
export type ChannelCall = <T>(
  what: string,
  absent: number | undefined,
  work: (channel: Channel) => Promise<T>,
) => Promise<T | undefined>

export function createChannelCall(connection: ChannelModel): ChannelCall {
  return async (what, absent, work) => {
    const channel = await connection.createChannel().catch((cause) => {
      throw refused(what, cause)
    })
    // The refused call rejects; an unhandled 'error' event would crash the process.
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
