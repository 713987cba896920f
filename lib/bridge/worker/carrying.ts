import type { Fate } from '../carry.ts'
import type { Delivery } from '../message.ts'
import { createSuspects } from '../suspects.ts'
import type { WorkerStatus } from './status.ts'

/** The messages that a session has taken. */
export interface Carrying {
  /** Resolves when the message is settled, or left to the broker. */
  carry(delivery: Delivery): Promise<void>
  /** Resolves when nothing is in flight any more. */
  finish(): Promise<void>
}

/** @param carryOne carries a message to where it is settled, or left to the broker */
export function createCarrying(
  carryOne: (delivery: Delivery) => Promise<Fate>,
  status: WorkerStatus,
  onFate: (tenant: string, fate: Fate) => void,
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
    const fate = await carryOne(delivery)
    status.settled[fate] += 1
    onFate(delivery.tenant, fate)
  }
}
