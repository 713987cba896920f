import type { Broker } from '../broker.ts'
import type { IncomingMessage } from '../message.ts'
import type { Fate } from '../settle-message.ts'
import type { Topology } from '../topology.ts'

/** One queue's visit: it is consumed with a part of the prefetch, until it is told to end. */
export interface Visit {
  /** Messages that may be out at once. */
  readonly share: number
  /** Messages after which it may end in favour of another queue. */
  readonly quota: number
  /** Messages delivered in it. */
  readonly taken: number
  readonly ending: boolean
  /** At the last look, nothing was being carried, and nothing had been delivered since the one before. */
  readonly quiet: boolean
  look(): void
  end(): void
  /** Resolves when no further message is delivered; rejects with what `consume` or its end failed of. */
  readonly over: Promise<void>
}

export interface VisitHandlers {
  /** Carries the message; what is `returned` stays out. */
  onMessage(message: IncomingMessage): Promise<Fate>
  /** Called when the quota is reached. */
  onQuota(): void
  /** So much of the share is there for others. */
  onFree(count: number): void
  /** The queue was deleted. */
  onGone(): void
}

export function startVisit(
  broker: Broker,
  topology: Topology,
  { share, quota }: Pick<Visit, 'share' | 'quota'>,
  { onMessage, onQuota, onFree, onGone }: VisitHandlers,
): Visit {
  const ended = Promise.withResolvers<void>()
  let ending = false
  let over = false
  let taken = 0
  let seen = -1
  let quiet = false
  /** Delivered, and not settled. */
  let out = 0
  let carrying = 0

  return {
    share,
    quota,
    get taken() {
      return taken
    },
    get ending() {
      return ending
    },
    get quiet() {
      return quiet
    },
    look() {
      quiet = carrying === 0 && seen === taken
      seen = taken
    },
    end,
    over: run(),
  }

  function end(): void {
    ending = true
    ended.resolve()
  }

  async function run(): Promise<void> {
    const consumer = await broker.consume(topology, share, {
      onMessage: (message) => void settleOne(message),
      onGone() {
        onGone()
        end()
      },
    })
    await ended.promise
    await consumer.cancel()
    over = true
    onFree(share - out)
  }

  async function settleOne(message: IncomingMessage): Promise<void> {
    taken += 1
    out += 1
    carrying += 1
    if (taken === quota) onQuota()
    const fate = await onMessage(message)
    carrying -= 1
    if (fate === 'returned') return
    out -= 1
    if (over) onFree(1)
  }
}
