import type { Channel, ConsumeMessage } from 'amqplib'

export interface Acknowledgements {
  /** To be told of every message that the channel delivers, in its order. */
  delivered(message: ConsumeMessage): void
  acknowledge(message: ConsumeMessage): void
  /** Rejects without requeueing: the broker dead-letters the message. */
  reject(message: ConsumeMessage): void
  /** Writes what has been gathered: to be called before the channel is closed. */
  flush(): void
}

/**
 * Gathers the acknowledgements of a turn of the event loop. Those of the oldest deliveries go to the
 * broker as one (`multiple`), which costs it and us far less than many; those behind a message that
 * is still out go one by one.
 */
export function createAcknowledgements(channel: Pick<Channel, 'ack' | 'nack'>): Acknowledgements {
  /** In the order of their delivery. */
  const out = new Set<ConsumeMessage>()
  const gathered = new Set<ConsumeMessage>()

  return {
    delivered: (message) => void out.add(message),
    acknowledge(message) {
      if (gathered.size === 0) setImmediate(flushIfOpen)
      gathered.add(message)
    },
    reject(message) {
      out.delete(message)
      channel.nack(message, false, false)
    },
    flush,
  }

  /** Of a channel that is lost its owner hears; the broker delivers what was not acknowledged again. */
  function flushIfOpen(): void {
    try {
      flush()
    } catch {
      gathered.clear()
    }
  }

  function flush(): void {
    let last: ConsumeMessage | undefined
    for (const message of out) {
      if (!gathered.delete(message)) break
      out.delete(message)
      last = message
    }
    if (last) channel.ack(last, true)
    for (const message of gathered) {
      out.delete(message)
      channel.ack(message)
    }
    gathered.clear()
  }
}
