import type { IncomingMessage } from '../message.ts'
import type { Fate } from '../settle-message.ts'
import { createSuspects } from '../suspects.ts'
import type { WorkerStatus } from './status.ts'

/** The messages that a session has taken and not yet settled. */
export interface InFlight {
  /** Resolves when the message is settled, or is to go back to the broker. */
  add(message: IncomingMessage): Promise<Fate>
  /** Whether none of the queue's messages is in flight, of whichever consumer. */
  isIdle(queue: string): boolean
  /** Resolves when nothing is in flight any more. */
  finish(): Promise<void>
}

/** @param settle resolves when the message is settled, or left to the broker */
export function createInFlight(
  settle: (message: IncomingMessage) => Promise<Fate>,
  status: WorkerStatus,
  onFate: (tenant: string, fate: Fate) => void,
): InFlight {
  /** By queue. */
  const counts = new Map<string, number>()
  let onEmpty = () => {}
  // An async function would cost each message several objects more, which live as long as it is in flight.
  const settleInTurn = createSuspects((message: IncomingMessage) =>
    settle(message).then(
      (fate) => {
        remove(message)
        status.settled[fate] += 1
        onFate(message.tenant, fate)
        return fate
      },
      (error: unknown) => {
        remove(message)
        throw error
      },
    ),
  )

  return {
    add(message) {
      count(message, 1)
      return settleInTurn(message)
    },
    isIdle: (queue) => (counts.get(queue) ?? 0) === 0,
    async finish() {
      while (status.inFlight > 0) await new Promise<void>((resolve) => (onEmpty = resolve))
    },
  }

  function remove(message: IncomingMessage): void {
    count(message, -1)
    if (status.inFlight === 0) onEmpty()
  }

  function count({ queue }: IncomingMessage, by: 1 | -1): void {
    status.inFlight += by
    counts.set(queue, (counts.get(queue) ?? 0) + by)
  }
}
