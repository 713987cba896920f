import { messageOf } from '../../errors.ts'
import { pause, whenAborted } from '../../waiting.ts'
import type { Backlog } from '../backlog.ts'
import type { Broker } from '../broker.ts'
import type { IncomingMessage } from '../message.ts'
import { settleByWire } from '../settle-by-wire.ts'
import type { BridgeContext, Fate } from '../settle-message.ts'
import { visitQueues } from './visits.ts'

export interface Consumption {
  readonly broker: Broker
  readonly context: BridgeContext
  /** The context for events 2.0. */
  readonly context2: BridgeContext
  /** Aborted when no new message may be taken any more. */
  readonly deadline: AbortSignal
  /** Messages that may be out at once, over all queues. */
  readonly prefetch: number
  /** Called with each message before it is settled (default: nothing is done). */
  readonly onDelivered?: (message: IncomingMessage) => void
  readonly onFate: (fate: Fate) => void
}

/** Milliseconds after the deadline in which messages that were taken may still be settled. */
const grace = 3_000

/**
 * Settles the messages of the queues until they are empty, the deadline is near, the connection is lost,
 * or one of them can't be consumed. Then nothing is in flight any more.
 *
 * @returns what was wrong with the queues, a line for each
 */
export async function consumeUntilEmpty(
  backlogs: readonly Backlog[],
  { broker, context, context2, deadline, prefetch, onDelivered, onFate }: Consumption,
): Promise<string[]> {
  const problems: string[] = []
  const inFlight = new Set<Promise<Fate>>()
  const over = AbortSignal.any([deadline, broker.lost])
  const settleOne = settleByWire(context, context2, over)
  const onGone = ({ name }: { name: string }) => void problems.push(`the queue ${name} is gone`)

  const visiting = visitQueues({ broker, backlogs, prefetch, over, settle, onUntried, onGone })
    .catch((error: unknown) => void problems.push(messageOf(error)))
    .then(() => Promise.all(inFlight))
  // A bus that fails would keep what is in flight for ever.
  void whenAborted(over)
    .then(() => Promise.race([visiting, pause(grace, broker.lost)]))
    .then(() => {
      for (const { publisher } of [context, context2]) void publisher.stop()
    })
  await visiting
  return problems

  function settle(message: IncomingMessage, onStoreFailure?: () => void): Promise<Fate> {
    onDelivered?.(message)
    const settling = settleOne(message, onStoreFailure).then((fate) => {
      noteFate(message, fate)
      inFlight.delete(settling)
      return fate
    })
    inFlight.add(settling)
    return settling
  }

  function onUntried(message: IncomingMessage): void {
    noteFate(message, 'returned')
  }

  function noteFate(message: IncomingMessage, fate: Fate): void {
    onFate(fate)
    context.onFate?.(message.tenant, fate)
  }
}
