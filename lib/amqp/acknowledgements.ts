import type { Channel, ConsumeMessage } from 'amqplib'

export interface Acknowledgements {
  /** Call it for every message that the channel delivers, in order. */
  delivered(message: ConsumeMessage): void
  acknowledge(message: ConsumeMessage): void
  /** Rejects without requeueing: the broker dead-letters the message. */
  reject(message: ConsumeMessage): void
  /** Returns the message to its queue. */
  requeue(message: ConsumeMessage): void
  /** Writes what is pending: call it before the channel is closed. */
  flush(): void
}

/** Milliseconds that an acknowledgement waits for older messages, to go with them. */
const patience = 50

/**
 * Batches acknowledgements. At the end of the event loop's turn, those of the oldest messages go as one
 * (`multiple`), which is far cheaper than many, above all on a channel that serves many queues. One
 * behind an unsettled message waits a little, and then goes alone.
 */
export function createAcknowledgements(channel: Pick<Channel, 'ack' | 'nack'>): Acknowledgements {
  /** Unsettled messages in the order of delivery. */
  const out = new Set<ConsumeMessage>()
  const gathered = new Set<ConsumeMessage>()
  let turnEnds = false
  let waiting: NodeJS.Timeout | undefined

  return {
    delivered: (message) => void out.add(message),
    acknowledge(message) {
      gathered.add(message)
      if (turnEnds) return
      turnEnds = true
      setImmediate(() => {
        turnEnds = false
        ifOpen(flushOldest)
        if (gathered.size > 0) waiting ??= setTimeout(() => ifOpen(flush), patience)
      })
    },
    reject(message) {
      out.delete(message)
      channel.nack(message, false, false)
    },
    requeue(message) {
      out.delete(message)
      channel.nack(message, false, true)
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
    let last: ConsumeMessage | undefined
    for (const message of out) {
      if (!gathered.delete(message)) break
      out.delete(message)
      last = message
    }
    if (last) channel.ack(last, true)
  }

  function flush(): void {
    clearTimeout(waiting)
    waiting = undefined
    flushOldest()
    for (const message of gathered) {
      out.delete(message)
      channel.ack(message)
    }
    gathered.clear()
  }
}
