import type { BridgeQueue } from '../bridge-queue.ts'
import type { Broker } from '../broker.ts'
import type { IncomingMessage } from '../message.ts'

/** One visit to a queue: it is consumed with a share of the prefetch until the visit is ended. */
export interface Visit {
  readonly queue: BridgeQueue
  /** Messages that may be unacknowledged at once. */
  readonly share: number
  /** Messages after which the visit may end in favour of another queue. */
  readonly quota: number
  /** Messages delivered so far. */
  readonly taken: number
  readonly ending: boolean
  /** The share is used up: the broker delivers nothing more before a message is settled. */
  readonly full: boolean
  /** Milliseconds since the last delivery, or since the start. */
  silence(): number
  /**
   * Ends the visit as soon as the broker owes it nothing: RabbitMQ takes back what it has assigned to a
   * cancelled consumer and not yet delivered, and counts that as a delivery. So acknowledgements are
   * held until the share is used up, which leaves nothing to assign.
   */
  end(): void
  /** Ends the visit at once: its queue is empty, or time is up. */
  cancel(): void
  /** Resolves when no further message is delivered; rejects if consuming or cancelling failed. */
  readonly over: Promise<void>
}

export interface VisitHandlers {
  /** @param hold to be called if the message waits until the visit is over */
  onMessage(message: IncomingMessage, hold: () => void): void
  onQuota(): void
  /** So much of the share is free for other queues. */
  onFree(count: number): void
  /** The broker had room for a message for so many milliseconds before it delivered one. */
  onWait(milliseconds: number): void
  /** The queue was deleted. */
  onGone(): void
}

export function startVisit(
  broker: Broker,
  queue: BridgeQueue,
  { share, quota }: Pick<Visit, 'share' | 'quota'>,
  { onMessage, onQuota, onFree, onWait, onGone }: VisitHandlers,
): Visit {
  const mayCancel = Promise.withResolvers<void>()
  const heldSettlements: (() => void)[] = []
  let ending = false
  let over = false
  let taken = 0
  /** Delivered and not settled at the broker. */
  let out = 0
  let held = 0
  let lastDelivery = performance.now()
  let roomSince: number | undefined = lastDelivery

  return {
    queue,
    share,
    quota,
    get taken() {
      return taken
    },
    get ending() {
      return ending
    },
    get full() {
      return out >= share
    },
    silence: () => performance.now() - lastDelivery,
    end,
    cancel() {
      ending = true
      mayCancel.resolve()
    },
    over: run(),
  }

  function end(): void {
    ending = true
    if (out >= share) mayCancel.resolve()
  }

  async function run(): Promise<void> {
    const consumer = await broker.consume(queue, share, {
      onMessage: receive,
      onGone() {
        onGone()
        ending = true
        mayCancel.resolve()
      },
    })
    await mayCancel.promise
    await consumer.cancel()
    over = true
    onFree(share - out)
    for (const settle of heldSettlements.splice(0)) settle()
  }

  function receive(message: IncomingMessage): void {
    taken += 1
    out += 1
    lastDelivery = performance.now()
    if (roomSince !== undefined) onWait(lastDelivery - roomSince)
    roomSince = out < share ? lastDelivery : undefined
    onMessage(
      {
        ...message,
        acknowledge: () => settle(message.acknowledge),
        deadLetter: () => settle(message.deadLetter),
        requeue: () => settle(message.requeue),
      },
      hold,
    )
    if (taken === quota) onQuota()
    if (ending) end()
  }

  /** A share full of held messages would deliver nothing more. */
  function hold(): void {
    held += 1
    if (ending || held === share) end()
  }

  function settle(atBroker: () => void): void {
    if (ending && !over) {
      heldSettlements.push(() => settle(atBroker))
      return
    }
    atBroker()
    out -= 1
    roomSince ??= performance.now()
    if (over) onFree(1)
  }
}
