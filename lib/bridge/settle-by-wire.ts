import { createAdmission } from './admission.ts'
import type { IncomingMessage } from './message.ts'
import { createInOrder } from './ordered.ts'
import { type BridgeContext, type Fate, settleMessage } from './settle-message.ts'
import { repeatUntilSettled } from './until-settled.ts'

/** @param onStoreFailure called when a store that the message needs has failed for the first time */
export type SettleMessage = (message: IncomingMessage, onStoreFailure?: () => void) => Promise<Fate>

/**
 * Settles each message as its wire demands: events 1.0 in any order, events 2.0 in the order of their
 * queue. While a store fails, the attempt is repeated.
 *
 * @param over aborted when failed attempts are no longer repeated
 * @param holdFor milliseconds after which a message is given back all the same (default: no limit)
 */
export function settleByWire(
  context: BridgeContext,
  context2: BridgeContext,
  over: AbortSignal,
  holdFor?: number,
): SettleMessage {
  const settleInOrder = createInOrder(context2, over, holdFor)
  const admission = createAdmission(context.publisher.room)
  return (message, onStoreFailure) =>
    message.wire === '2.0' ? settleInOrder(message) : settleAdmitted(message, onStoreFailure)

  async function settleAdmitted(
    message: IncomingMessage,
    onStoreFailure?: () => void,
  ): Promise<Fate> {
    const turn = admission.enter(message.tenant)
    if (turn) await turn
    let inside = true
    const leave = () => {
      if (inside) admission.leave()
      inside = false
    }
    const start = performance.now()
    const fate = await settleMessage(message, context, leave)
    leave()
    if (fate !== 'returned' || over.aborted) return fate
    onStoreFailure?.()
    return repeatUntilSettled(() => settleMessage(message, context), start, over, holdFor)
  }
}
