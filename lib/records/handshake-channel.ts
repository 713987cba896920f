import type { HandshakeMessage } from './messages.ts'

/** An event on its way to one listener's queue. */
export interface OutgoingEvent {
  readonly id: string
  readonly type: string
  /** Epoch milliseconds. */
  readonly time: number
  readonly body: Buffer
}

/** What became of an event: nobody has a queue of that name any more, or the broker keeps it. */
export type Sent = 'kept' | 'no-queue'

/** A connection of one participant to its tenant's exchange of handshakes, until it is lost. */
export interface HandshakeChannel {
  /** The participant's own queue, where answers and broadcasts reach it. */
  readonly ownQueue: string
  /** Aborted with the reason when the connection is lost. */
  readonly lost: AbortSignal
  /** Begins to hear. What was broadcast since the channel was opened is heard too. */
  hear(onMessage: (message: HandshakeMessage) => void): Promise<void>
  /** Resolves when the broker has taken the message. */
  broadcast(message: HandshakeMessage): Promise<void>
  /** To one participant alone. One that is gone is no error. */
  answer(queue: string, message: HandshakeMessage): Promise<void>
  /** Resolves when the broker keeps the event, or has no such queue. */
  send(queue: string, event: OutgoingEvent): Promise<Sent>
  close(): Promise<void>
}

export type OpenHandshakeChannel = () => Promise<HandshakeChannel>
