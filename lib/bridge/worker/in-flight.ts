import type { IncomingMessage } from '../message.ts'
import type { Fate } from '../settle-message.ts'
import { createSuspects } from '../suspects.ts'
import type { WorkerStatus } from './status.ts'

/** The messages that a session has taken and not yet settled. */
export interface InFlight {
  /** Resolves when the message is settled, or is to go back to the broker. */
  add(message: IncomingMessage): Promise<Fate>
  /** Resolves when nothing is in flight any more. */
  finish(): Promise<void>
}

/** @param settle resolves when the message is settled, or left to the broker */
export function createInFlight(
  settle: (message: IncomingMessage) => Promise<Fate>,
  status: WorkerStatus,
  onFate: (tenant: string, fate: Fate) => void,
): InFlight {
  let count = 0
  let onEmpty = () => {}
  const settleInTurn = createSuspects(async (message: IncomingMessage) => {
    const fate = await settle(message)
    status.settled[fate] += 1
    onFate(message.tenant, fate)
    return fate
  })

  return {
    async add(message) {
      change(1)
      try {
        return await settleInTurn(message)
      } finally {
        change(-1)
      }
    },
    async finish() {
      while (count > 0) await new Promise<void>((resolve) => (onEmpty = resolve))
    },
  }

  function change(by: number): void {
    count += by
    status.inFlight = count
    if (count === 0) onEmpty()
  }
}
