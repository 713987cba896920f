import type { Channel, ConsumeMessage } from 'amqplib'
import type { Soon } from './shared-writes.ts'

/** Settles the messages of a channel by their delivery tags. */
export interface Acknowledgements {
  /** Call it for every message that the channel delivers, in order. */
  delivered(tag: number): void
  acknowledge(tag: number): void
  /** Rejects without requeueing: the broker dead-letters the message. */
  reject(tag: number): void
  /** Returns the message to its queue. */
  requeue(tag: number): void
  /** Writes what is pending: call it before the channel is closed. */
  flush(): void
}

/** Milliseconds more that an acknowledgement waits for older messages, to go with them. */
const patience = 45

/**
 * Batches acknowledgements: those of the oldest messages go as one (`multiple`), which is far cheaper than many for
 * the broker and for this process, above all on a channel that serves many queues. One behind an unsettled message
 * waits a little, and then goes alone.
 *
 * @param soon for how long they are gathered
 */
export function createAcknowledgements(
  channel: Pick<Channel, 'ack' | 'nack'>,
  soon: Soon,
): Acknowledgements {
  /** Unsettled messages in the order of delivery. */
  const out = new Set<number>()
  const gathered = new Set<number>()
  let ending = false
  let waiting: NodeJS.Timeout | undefined

  return {
    delivered: (tag) => void out.add(tag),
    acknowledge(tag) {
      gathered.add(tag)
      if (ending) return
      ending = true
      soon(() => {
        ending = false
        ifOpen(flushOldest)
        if (gathered.size > 0) waiting ??= setTimeout(() => ifOpen(flush), patience)
      })
    },
    reject(tag) {
      out.delete(tag)
      channel.nack(named(tag), false, false)
    },
    requeue(tag) {
      out.delete(tag)
      channel.nack(named(tag), false, true)
    },
    flush,
  }

  /** On a lost channel nothing can be written; the broker delivers the unacknowledged messages again. */
  function ifOpen(work: () => void): void {
    try {
      work()
    } catch {
      gathered.clear()
    }
  }

  function flushOldest(): void {
    let last: number | undefined
    for (const tag of out) {
      if (!gathered.delete(tag)) break
      out.delete(tag)
      last = tag
    }
    if (last !== undefined) channel.ack(named(last), true)
  }

  function flush(): void {
    clearTimeout(waiting)
    waiting = undefined
    flushOldest()
    for (const tag of gathered) {
      out.delete(tag)
      channel.ack(named(tag))
    }
    gathered.clear()
  }
}

/** All that amqplib reads of a message to settle it. The message itself can be forgotten once it is delivered. */
function named(deliveryTag: number): ConsumeMessage {
  return { fields: { deliveryTag } } as ConsumeMessage
}
