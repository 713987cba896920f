import { EcosError } from '../errors.ts'
import type { Broker, Consumer } from './broker.ts'
import type { Delivery } from './message.ts'
import type { Share } from './shares.ts'
import type { Topology } from './topology.ts'

/** The consumer of one tenant's queue, whose prefetch can be changed. */
export interface TenantConsumer {
  readonly topology: Topology
  /** The tenant's share, and whether it has been used up since the last call. */
  takeShare(): Share
  /** Consumes with another prefetch from now on. */
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
  let prefetch = firstPrefetch
  let out = 0
  let mostOut = 0
  let consumer = await consume()

  return {
    topology,
    gone,
    takeShare() {
      // What is full for a moment has no backlog: with one it is full again soon after each answer.
      const busy = mostOut >= prefetch && 2 * out >= prefetch
      mostOut = out
      return { prefetch, busy }
    },
    async resize(next) {
      await consumer.cancel()
      prefetch = next
      consumer = await consume()
    },
  }

  function consume(): Promise<Consumer> {
    return broker.consume(topology, prefetch, {
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
