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

/** Milliseconds that an acknowledgement waits for those of older deliveries, to go with them. */
const patience = 50

/**
 * Gathers acknowledgements. Those of the oldest deliveries go to the broker at the end of the turn,
 * as one (`multiple`): that costs it and us far less than many, above all where the channel serves
 * many queues. One behind a message that is still out waits for it a little, and then goes alone.
 */
export function createAcknowledgements(channel: Pick<Channel, 'ack' | 'nack'>): Acknowledgements {
  /** In the order of their delivery. */
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
    flush,
  }

  /** Of a channel that is lost its owner hears; the broker delivers what was not acknowledged again. */
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
