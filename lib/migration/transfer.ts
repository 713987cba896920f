import { setTimeout as sleep } from 'node:timers/promises'
import type { MigrationBroker, MovableMessage } from './migration-broker.ts'
import { createMover, type MoveCounts } from './mover.ts'

/** Messages of each queue that are out at once: bounds the memory. */
const prefetch = 100

/** Milliseconds without a message after which a queue that counts none is empty. */
const quiet = 100

/** The exchange that leads to a queue alone: on the tenant's own, other queues hang as well. */
export function passageTo(target: string): string {
  return `${target}.migration`
}

/** The exchange that gives a queue its events while its own binding is made. */
function switchTo(target: string): string {
  return `${target}.migration.switch`
}

export interface TransferOptions {
  readonly broker: MigrationBroker
  readonly tenant: string
  readonly target: string
  readonly sources: readonly string[]
  /** Whether nobody else may consume the sources meanwhile. */
  readonly exclusive: boolean
}

/** A move of everything from some queues into another, under way until it is closed. */
export interface Transfer {
  /** Resolves when these of the sources have nothing left. */
  emptied(queues: readonly string[]): Promise<void>
  /**
   * Binds the target to the tenant's exchange before it unbinds the source. What was published in
   * between is in both: it is moved no second time.
   */
  switchOver(options: SwitchOptions): Promise<void>
  counts(): MoveCounts
  /** Once the sources are empty. After a failure the passage stays; the next transfer takes it. */
  close(): Promise<void>
}

export interface SwitchOptions {
  readonly exchange: string
  /** The event types that the target gets. */
  readonly routingKeys: readonly string[]
  bindTarget(): Promise<void>
  unbindSource(): Promise<void>
}

export async function openTransfer(options: TransferOptions): Promise<Transfer> {
  const { broker, tenant, target, sources, exclusive } = options
  const passage = passageTo(target)
  const mover = createMover((message) => broker.publish(passage, message))
  // What a transfer the other way, ended half-way, has left behind would lead back to the sources.
  for (const source of sources) {
    await broker.removeExchange(switchTo(source))
    await broker.removeExchange(passageTo(source))
  }
  await broker.openPassage(passage, target)
  const flows = new Map(sources.map((queue) => [queue, { taken: 0, underWay: 0 }]))
  for (const [queue, flow] of flows) {
    await broker.consume({ tenant, queue, exclusive, prefetch }, (message) => take(message, flow))
  }

  return {
    async emptied(queues) {
      for (const [queue, flow] of flows) if (queues.includes(queue)) await dried(queue, flow)
    },
    async switchOver({ exchange, routingKeys, bindTarget, unbindSource }) {
      mover.pause()
      const via = switchTo(target)
      const watched = { tenant, exchange, target, routingKeys, via }
      const witness = await broker.witness(watched, mover.know)
      await bindTarget()
      await unbindSource()
      await witness.end()
      mover.resume()
    },
    counts: () => mover.counts,
    async close() {
      await broker.stopConsuming()
      await broker.removeExchange(passage)
    },
  }

  async function take(message: MovableMessage, flow: Flow): Promise<void> {
    flow.taken += 1
    flow.underWay += 1
    await mover.move(message)
    flow.underWay -= 1
  }

  /** Looks at this queue alone: another one may have a stream of messages that does not end. */
  async function dried(queue: string, flow: Flow): Promise<void> {
    for (let seen = -1; ; await sleep(quiet)) {
      broker.lost.throwIfAborted()
      mover.check()
      const ready = (await broker.countQueue(queue))?.messages ?? 0
      if (ready === 0 && flow.underWay === 0 && flow.taken === seen) return
      seen = flow.taken
    }
  }
}

/** What came out of one queue, and how much of it is not settled yet. */
interface Flow {
  taken: number
  underWay: number
}
