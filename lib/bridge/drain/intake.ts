import { pause } from '../../waiting.ts'
import type { IncomingMessage } from '../message.ts'
import type { SettleMessage } from '../settle-by-wire.ts'
import { createIsolation, type Isolation } from './isolation.ts'

/** Settles what the visits deliver, redelivered messages alone. */
export interface Intake extends Pick<Isolation, 'mayConsume' | 'rest'> {
  /** The bus has taken one message: only then are more taken. */
  readonly proven: boolean
  /** Messages on their way to the bus. */
  readonly inFlight: number
  /** Redelivered messages that wait for their time alone. */
  readonly held: number
  /** @param hold called if the message waits until its visit is over */
  take(message: IncomingMessage, hold: () => void): void
  /** Settles the redelivered messages while nothing else is in flight; the caller ends the visits first. */
  settleHeld(): Promise<void>
}

/** Milliseconds in which what is in flight may be settled before redelivered messages get their time. */
const patience = 5_000

/** @param onProven called once, when the bus has taken the first message */
export function createIntake(
  settle: SettleMessage,
  onProven: () => void,
  over: AbortSignal,
): Intake {
  const isolation = createIsolation()
  const inFlight = new Set<Promise<unknown>>()
  let proven = false

  return {
    mayConsume: isolation.mayConsume,
    rest: isolation.rest,
    get proven() {
      return proven
    },
    get inFlight() {
      return inFlight.size
    },
    get held() {
      return isolation.size
    },
    take(message, hold) {
      if (isolation.concerns(message)) {
        isolation.hold(message)
        hold()
      } else {
        void settleOne(message, hold)
      }
    },
    async settleHeld() {
      await Promise.race([Promise.all(inFlight), pause(patience, over)])
      await isolation.settleAll(settleOne, over)
    },
  }

  /**
   * A slow start: a bus that took the probe may fail the events themselves, and each message that goes
   * back is one delivery nearer to its queue's limit. While the bus fails, none of the first is settled.
   */
  async function settleOne(message: IncomingMessage, hold?: () => void): Promise<void> {
    const settling = settle(message, () => {
      // It waits for a store, and says nothing of the bus.
      inFlight.delete(settling)
      hold?.()
    })
    inFlight.add(settling)
    const fate = await settling
    inFlight.delete(settling)
    if (proven || fate === 'returned') return
    proven = true
    onProven()
  }
}
