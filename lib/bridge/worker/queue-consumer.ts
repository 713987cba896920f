import { EcosError } from '../../errors.ts'
import type { BridgeQueue } from '../bridge-queue.ts'
import type { Broker, QueueConsumer, QueueConsumerHandlers } from '../broker.ts'
import type { IncomingMessage } from '../message.ts'
import type { Fate } from '../settle-message.ts'
import type { Share } from './shares.ts'

/** Looks without a message, five a second, after which a queue is no longer in use. */
const looksInUse = 300

/**
 * Looks for which a queue is a backlog, from one on that found its share full, while half of it is used. Of many backlogs
 * each is full only now and then, as the broker gets to them: shares that followed each look changed all the time, and
 * every change costs the broker a consumer. A burst that is over keeps nothing: its share is missing to the others.
 */
const looksBusy = 10

/**
 * Consumes one queue. The prefetch of a running consumer can't be changed, so a larger share adds a consumer, and one
 * that is smaller than the first consumer's replaces that.
 */
export interface ElasticConsumer {
  /** The queue's share, and how much of it has been used since the last call. */
  takeShare(): Share
  /**
   * Grows to this prefetch or, if it is smaller, shrinks to the first consumer's, or to this if that is smaller still.
   *
   * @returns whether anything had to change
   */
  resize(prefetch: number): Promise<boolean>
  /** Takes no more messages. Those that were delivered are settled as ever. */
  cancel(): Promise<void>
  /**
   * Rejects with `queue-gone` when the broker cancels the consumer, and with `store-unavailable` when a
   * message could not be stored in time: then the queue is no longer consumed, and the message went back.
   */
  readonly ended: Promise<never>
}

/**
 * @param settle resolves with the message's fate
 * @param over aborted when what is unsettled is left to the broker
 * @throws EcosError `consume-refused`
 */
export async function consumeQueue(
  broker: Broker,
  queue: BridgeQueue,
  firstPrefetch: number,
  settle: (message: IncomingMessage) => Promise<Fate>,
  over: AbortSignal,
): Promise<ElasticConsumer> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  ended.catch(() => undefined)
  const further: QueueConsumer[] = []
  let paused: Promise<void> | undefined
  /** Consumers that a smaller share has no need of. */
  let ending: Promise<unknown> = Promise.resolve()
  let least = firstPrefetch
  let prefetch = firstPrefetch
  let out = 0
  let mostOut = 0
  let looksWithout = looksInUse
  let looksSinceFull = looksBusy
  let first = await consume(firstPrefetch)

  return {
    ended,
    takeShare() {
      // A share that is full only for a moment is no backlog. An ordered queue has one active consumer:
      // another would get nothing.
      const isOrdered = queue.wire === '2.0'
      const isFull = mostOut >= prefetch && 2 * out >= prefetch && !isOrdered
      const isHalfUsed = 2 * mostOut >= prefetch
      if (isFull) looksSinceFull = 0
      else looksSinceFull = isHalfUsed ? looksSinceFull + 1 : looksBusy
      const busy = looksSinceFull < looksBusy
      looksWithout = mostOut > 0 ? 0 : looksWithout + 1
      mostOut = out
      return { prefetch, least: isOrdered ? least : 1, busy, inUse: looksWithout < looksInUse }
    },
    async resize(next) {
      if (paused) return false
      return next > prefetch ? grow(next) : shrink(next)
    },
    cancel: cancelAll,
  }

  async function grow(next: number): Promise<boolean> {
    // What consumers that have ended left unsettled is out as well: a queue that shrinks and grows in turn, while its
    // messages wait for a store, would have more out each time.
    const missing = next - Math.max(prefetch, out)
    if (missing <= 0) return false
    await add(missing, true, (added) => {
      further.push(added)
      prefetch += missing
    })
    return true
  }

  async function shrink(next: number): Promise<boolean> {
    if (next < least) {
      await add(next, false, (smaller) => {
        further.push(first)
        first = smaller
        least = next
      })
    }
    if (paused || further.length === 0) return false
    prefetch = least
    ending = Promise.all(further.splice(0).map((consumer) => consumer.cancel()))
    await ending
    return true
  }

  async function add(
    share: number,
    isBacklog: boolean,
    keep: (added: QueueConsumer) => void,
  ): Promise<void> {
    const added = await consume(share, isBacklog)
    // Cancelled meanwhile, when this one was not known yet.
    if (paused) await added.cancel()
    else keep(added)
  }

  function consume(share: number, isBacklog = false): Promise<QueueConsumer> {
    const handlers: QueueConsumerHandlers = {
      onMessage(message) {
        out += 1
        mostOut = Math.max(mostOut, out)
        void settle(message).then((fate) => {
          out -= 1
          if (fate === 'returned' && !over.aborted) void giveBack(message)
        })
      },
      onGone() {
        reject(new EcosError('queue-gone', `The queue ${queue.name} is gone`, { retryable: true }))
      },
    }
    return broker.consume(queue, share, handlers, isBacklog)
  }

  async function cancelAll(): Promise<void> {
    paused ??= Promise.all([
      ending,
      ...[first, ...further].map((consumer) => consumer.cancel()),
    ]).then(() => undefined)
    await paused
  }

  /** The consumers end first: the broker would deliver the message again at once. */
  async function giveBack(message: IncomingMessage): Promise<void> {
    try {
      await cancelAll()
      message.requeue()
    } catch {
      // The channel is lost, and the message back in its queue.
    }
    const why = `The queue ${queue.name} waits: a message could not be stored in time`
    reject(new EcosError('store-unavailable', why, { retryable: true }))
  }
}
