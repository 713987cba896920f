import { type Carriers, carry } from './carry.ts'
import type { Delivery } from './message.ts'
import { createSuspects } from './suspects.ts'
import { untilSettled } from './until-settled.ts'
import type { WorkerStatus } from './worker-status.ts'

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

  async function carryOn(delivery: Delivery): Promise<void> {
    const fate = await untilSettled(() => carry(delivery, carriers), over)
    status.settled[fate] += 1
    carriers.onFate?.(delivery.tenant, fate)
  }
}
