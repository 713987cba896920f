import { messageOf } from '../../errors.ts'
import { whenAborted } from '../../waiting.ts'
import type { Backlog } from '../backlog.ts'
import type { Broker } from '../broker.ts'
import { type Carriers, carry, type Fate } from '../carry.ts'
import type { Delivery } from '../message.ts'
import { createInOrder } from '../ordered.ts'
import { takeTurns } from './turns.ts'

export interface Consumption {
  readonly broker: Broker
  readonly carriers: Carriers
  /** Those of events 2.0. */
  readonly carriers2: Carriers
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
  { broker, carriers, carriers2, deadline, prefetch, onFate }: Consumption,
): Promise<string[]> {
  const problems: string[] = []
  const under = new Set<Promise<Fate>>()
  const over = AbortSignal.any([deadline, broker.lost])
  const carryBy = {
    '1.0': (delivery: Delivery) => carry(delivery, carriers),
    '2.0': createInOrder(carriers2, over),
  }
  const onGone = ({ queue }: { queue: string }) => void problems.push(`the queue ${queue} is gone`)

  await takeTurns({ broker, backlogs, prefetch, over, onDelivery, onGone }).catch(
    (error: unknown) => void problems.push(messageOf(error)),
  )
  // Also when it comes only now: a bus that fails would keep what is in flight for ever.
  void whenAborted(over).then(() => {
    for (const { publisher } of [carriers, carriers2]) void publisher.stop()
  })
  await Promise.all(under)
  return problems

  function onDelivery(delivery: Delivery): Promise<Fate> {
    const carrying = carryBy[delivery.wire ?? '1.0'](delivery).then((fate) => {
      onFate(fate)
      carriers.onFate?.(delivery.tenant, fate)
      under.delete(carrying)
      return fate
    })
    under.add(carrying)
    return carrying
  }
}
