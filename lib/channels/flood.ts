import type { Channel, ChannelMessage, ChannelName } from './channel.ts'
import type { FloodMemory } from './rate-limit.ts'

/** Seconds for which a provider may stop the messages to an address, at most: then it is asked again. */
const longestPause = 3600

export interface FloodControl extends FloodMemory {
  readonly channel: ChannelName
  /**
   * Whether a tenant's messages to all addresses come from one sender, such as a bot, which the provider
   * limits too.
   */
  readonly hasOneSender: boolean
  now(): Date
}

/**
 * A channel that has an address's other messages wait as long as the provider asks, after it has refused one
 * for their number. A provider does not say whether it limits the address or the sender: if it refuses a
 * second address while the first one waits, all of the sender's messages wait until the earlier of both ends, so
 * that an address with a pause of its own never stops the others for as long.
 */
export function withFloodControl(channel: Channel, control: FloodControl): Channel {
  return {
    async deliver(message) {
      const delivery = await channel.deliver(message)
      if (delivery.outcome === 'transient' && delivery.isFlood && delivery.retryAfterSeconds) {
        const seconds = Math.min(delivery.retryAfterSeconds, longestPause)
        // The outcome counts: where the pause can't be stored, the provider refuses the next message too.
        await pause(message, seconds, control).catch(() => undefined)
      }
      return delivery
    },
  }
}

async function pause(
  { tenant, address }: ChannelMessage,
  seconds: number,
  { channel, hasOneSender, pauseUntil, rememberFlood, now }: FloodControl,
): Promise<void> {
  const until = now().getTime() + seconds * 1000
  await pauseUntil({ tenant, channel, chat: address }, until)
  if (!hasOneSender) return
  const former = await rememberFlood({ tenant, channel }, address, until)
  const isOfSender = former && former.chat !== address && former.until > now().getTime()
  if (isOfSender) await pauseUntil({ tenant, channel }, Math.min(former.until, until))
}
