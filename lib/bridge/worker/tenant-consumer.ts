import { EcosError } from '../../errors.ts'
import type { Broker, Consumer } from '../broker.ts'
import type { Delivery } from '../message.ts'
import type { Topology } from '../topology.ts'
import type { Share } from './shares.ts'

/**
 * Consumes one tenant's queue. A prefetch can't be changed under a running consumer, so that more of
 * it is a further consumer beside the first.
 */
export interface TenantConsumer {
  readonly topology: Topology
  /** The tenant's share, and whether it has been used up since the last call. */
  takeShare(): Share
  /** Up to that prefetch, or, if it is less than now, back to the first one. */
  resize(prefetch: number): Promise<void>
  /** Rejects with `queue-gone` when the broker has ended the consumer. */
  readonly gone: Promise<never>
}

/**
 * @param onDelivery resolves when the delivery is settled
 * @throws EcosError `consume-refused`
 */
export async function consumeTenant(
  broker: Broker,
  topology: Topology,
  firstPrefetch: number,
  onDelivery: (delivery: Delivery) => Promise<void>,
): Promise<TenantConsumer> {
  const { promise: gone, reject } = Promise.withResolvers<never>()
  gone.catch(() => undefined)
  const further: Consumer[] = []
  let prefetch = firstPrefetch
  let out = 0
  let mostOut = 0
  await consume(firstPrefetch)

  return {
    topology,
    gone,
    takeShare() {
      // What is full for a moment has no backlog: with one it is full again soon after each answer.
      // A further consumer of a queue that keeps its order would get nothing.
      const busy = mostOut >= prefetch && 2 * out >= prefetch && topology.wire === '1.0'
      mostOut = out
      return { prefetch, busy }
    },
    async resize(next) {
      if (next > prefetch) {
        further.push(await consume(next - prefetch))
        prefetch = next
      } else {
        prefetch = firstPrefetch
        await Promise.all(further.splice(0).map((consumer) => consumer.cancel()))
      }
    },
  }

  function consume(share: number): Promise<Consumer> {
    return broker.consume(topology, share, {
      onDelivery(delivery) {
        out += 1
        mostOut = Math.max(mostOut, out)
        void onDelivery(delivery).then(() => {
          out -= 1
        })
      },
      onGone() {
        reject(
          new EcosError('queue-gone', `The queue ${topology.queue} is gone`, { retryable: true }),
        )
      },
    })
  }
}
