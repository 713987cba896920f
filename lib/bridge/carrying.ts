import { createBackOff } from './back-off.ts'
import { type Carriers, carry } from './carry.ts'
import type { Delivery } from './message.ts'
import { createSuspects } from './suspects.ts'
import type { WorkerStatus } from './worker-status.ts'

/** Milliseconds: how long a payload store or a quarantine that failed is let rest. */
const storeBackOff = { firstWait: 500, longestWait: 30_000 }

/** The messages that a session has taken. */
export interface Carrying {
  /** Resolves when the message is settled, or left to the broker. */
  carry(delivery: Delivery): Promise<void>
  /** Resolves when nothing is in flight any more. */
  finish(): Promise<void>
}

/** @param over aborted when nothing is tried again any more: what is unsettled goes back */
export function createCarrying(
  carriers: Carriers,
  status: WorkerStatus,
  over: AbortSignal,
): Carrying {
  const inFlight = new Set<Promise<void>>()
  const carryInTurn = createSuspects(carryOn)

  return {
    carry(delivery) {
      const carrying = carryInTurn(delivery).finally(() => {
        inFlight.delete(carrying)
        status.inFlight = inFlight.size
      })
      inFlight.add(carrying)
      status.inFlight = inFlight.size
      return carrying
    },
    async finish() {
      while (inFlight.size > 0) await Promise.all(inFlight)
    },
  }

  /** A store that is down is no fault of the message: it is kept, and tried again. */
  async function carryOn(delivery: Delivery): Promise<void> {
    const backOff = createBackOff(storeBackOff)
    let fate = await carry(delivery, carriers)
    while (fate === 'returned' && !over.aborted) {
      await backOff.wait(over)
      if (!over.aborted) fate = await carry(delivery, carriers)
    }
    status.settled[fate] += 1
  }
}
