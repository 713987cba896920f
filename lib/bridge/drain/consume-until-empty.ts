import { messageOf } from '../../errors.ts'
import { whenAborted } from '../../waiting.ts'
import type { Backlog } from '../backlog.ts'
import type { Broker } from '../broker.ts'
import type { IncomingMessage } from '../message.ts'
import { createInOrder } from '../ordered.ts'
import { type BridgeContext, type Fate, settleMessage } from '../settle-message.ts'
import { visitQueues } from './visits.ts'

export interface Consumption {
  readonly broker: Broker
  readonly context: BridgeContext
  /** Those of events 2.0. */
  readonly context2: BridgeContext
  /** Aborted when no new message may be taken any more. */
  readonly deadline: AbortSignal
  /** Messages that may be out at once, over all queues. */
  readonly prefetch: number
  readonly onFate: (fate: Fate) => void
}

/**
 * Carries what is in the queues until they are empty, the deadline is near, the connection is lost,
 * or one of them can't be consumed. Then nothing is in flight any more.
 *
 * @returns what was wrong with the queues, a line for each
 */
export async function consumeUntilEmpty(
  backlogs: readonly Backlog[],
  { broker, context, context2, deadline, prefetch, onFate }: Consumption,
): Promise<string[]> {
  const problems: string[] = []
  const under = new Set<Promise<Fate>>()
  const over = AbortSignal.any([deadline, broker.lost])
  const settleBy = {
    '1.0': (message: IncomingMessage) => settleMessage(message, context),
    '2.0': createInOrder(context2, over),
  }
  const onGone = ({ queue }: { queue: string }) => void problems.push(`the queue ${queue} is gone`)

  await visitQueues({ broker, backlogs, prefetch, over, onMessage, onGone }).catch(
    (error: unknown) => void problems.push(messageOf(error)),
  )
  // Also when it comes only now: a bus that fails would keep what is in flight for ever.
  void whenAborted(over).then(() => {
    for (const { publisher } of [context, context2]) void publisher.stop()
  })
  await Promise.all(under)
  return problems

  function onMessage(message: IncomingMessage): Promise<Fate> {
    const carrying = settleBy[message.wire ?? '1.0'](message).then((fate) => {
      onFate(fate)
      context.onFate?.(message.tenant, fate)
      under.delete(carrying)
      return fate
    })
    under.add(carrying)
    return carrying
  }
}
