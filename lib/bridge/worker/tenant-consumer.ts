import { EcosError } from '../../errors.ts'
import type { Broker, QueueConsumer } from '../broker.ts'
import type { IncomingMessage } from '../message.ts'
import type { Topology } from '../topology.ts'
import type { Share } from './shares.ts'

/**
 * Consumes one tenant's queue. The prefetch of a running consumer can't be changed, so a larger share
 * adds a consumer.
 */
export interface TenantConsumer {
  readonly topology: Topology
  /** The tenant's share, and whether it has been used up since the last call. */
  takeShare(): Share
  /** Grows to this prefetch or, if it is smaller, shrinks to the first one. */
  resize(prefetch: number): Promise<void>
  /** Rejects with `queue-gone` when the broker cancels the consumer. */
  readonly gone: Promise<never>
}

/**
 * @param onMessage resolves when the message is settled
 * @throws EcosError `consume-refused`
 */
export async function consumeTenant(
  broker: Broker,
  topology: Topology,
  firstPrefetch: number,
  onMessage: (message: IncomingMessage) => Promise<void>,
): Promise<TenantConsumer> {
  const { promise: gone, reject } = Promise.withResolvers<never>()
  gone.catch(() => undefined)
  const further: QueueConsumer[] = []
  let prefetch = firstPrefetch
  let out = 0
  let mostOut = 0
  await consume(firstPrefetch)

  return {
    topology,
    gone,
    takeShare() {
      // A share that is full only for a moment is no backlog. An ordered queue has one active consumer:
      // another would get nothing.
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

  function consume(share: number): Promise<QueueConsumer> {
    return broker.consume(topology, share, {
      onMessage(message) {
        out += 1
        mostOut = Math.max(mostOut, out)
        void onMessage(message).then(() => {
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
