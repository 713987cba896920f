import type { HandshakeMessage } from './messages.ts'

/** An event addressed to one listener's queue. */
export interface OutgoingEvent {
  readonly id: string
  readonly type: string
  /** Epoch milliseconds. */
  readonly time: number
  readonly body: Buffer
}

/** The broker has confirmed the event (`kept`), or the queue no longer exists (`no-queue`). */
export type Sent = 'kept' | 'no-queue'

/** A participant's connection to its tenant's handshake exchange. Ends for good when it is lost. */
export interface HandshakeChannel {
  /** The participant's own queue, which receives answers and broadcasts. */
  readonly ownQueue: string
  /** Aborted with the reason when the connection is lost. */
  readonly lost: AbortSignal
  /** Starts to consume. Broadcasts sent since the channel was opened are delivered too. */
  consume(onMessage: (message: HandshakeMessage) => void): Promise<void>
  /** Resolves when the broker has confirmed the message. */
  broadcast(message: HandshakeMessage): Promise<void>
  /** Sends to one participant. A participant that is gone is not an error. */
  answer(queue: string, message: HandshakeMessage): Promise<void>
  /** Resolves when the broker has confirmed the event or found no such queue. */
  send(queue: string, event: OutgoingEvent): Promise<Sent>
  close(): Promise<void>
}

export type OpenHandshakeChannel = () => Promise<HandshakeChannel>
