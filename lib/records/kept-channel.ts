import { createBackOff } from '../back-off.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { pause, whenAborted } from '../waiting.ts'
import type { HandshakeChannel, OpenHandshakeChannel } from './handshake-channel.ts'
import type { HandshakeMessage } from './messages.ts'

/** What a source or a listener does on its channel. */
export interface Participant {
  /** Called for the first channel and for each one that replaces a lost one. */
  onOpen(channel: HandshakeChannel, ended: AbortSignal): Promise<void>
  onMessage(message: HandshakeMessage, channel: HandshakeChannel): void
}

/** Reopens a lost channel, with growing waits, until it is closed. */
export interface KeptChannel {
  /** The open channel, once `onOpen` has completed; undefined when `giveUp` aborts first. */
  current(giveUp: AbortSignal): Promise<HandshakeChannel | undefined>
  close(): Promise<void>
}

export function keepOpen(
  open: OpenHandshakeChannel,
  participant: Participant,
  log: Log,
): KeptChannel {
  const closing = new AbortController()
  let ready = Promise.withResolvers<HandshakeChannel>()

  const session = async () => {
    const channel = await open()
    const ended = AbortSignal.any([channel.lost, closing.signal])
    try {
      await channel.consume((message) => participant.onMessage(message, channel))
      await participant.onOpen(channel, ended)
      // Lost during onOpen: callers of current() wait for the next channel.
      if (ended.aborted) return
      ready.resolve(channel)
      await whenAborted(ended)
      ready = Promise.withResolvers()
    } finally {
      await channel.close()
    }
  }
  const sessions = (async () => {
    const backOff = createBackOff({ firstWait: 200, longestWait: 10_000 })
    while (!closing.signal.aborted) {
      try {
        await session()
        backOff.reset()
      } catch (error) {
        log.warn('Could not connect to the handshake exchange', { reason: messageOf(error) })
        await backOff.wait(closing.signal)
      }
    }
  })()
  return {
    current: (giveUp) => Promise.race([ready.promise, whenAborted(giveUp).then(() => undefined)]),
    async close() {
      closing.abort()
      await sessions
    },
  }
}

/** Waits for a promise, but no longer than so many milliseconds or until the signal aborts. */
export async function waitAtMost(
  promise: Promise<unknown>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  await Promise.race([promise, pause(milliseconds, signal), whenAborted(signal)])
}
