import { setTimeout as sleep } from 'node:timers/promises'
import type { MigrationBroker, MovableMessage } from './migration-broker.ts'
import { createMover, type MoveCounts } from './mover.ts'

/** Unacknowledged messages of each queue: bounds the memory. */
const prefetch = 100

/** Milliseconds without a message after which an empty queue counts as drained. */
const quietPeriod = 100

/** An exchange that routes to one queue alone: the tenant's own has other queues bound to it. */
export function passageTo(target: string): string {
  return `${target}.migration`
}

/** The exchange that feeds a queue while its own binding is being made. */
function switchTo(target: string): string {
  return `${target}.migration.switch`
}

export interface TransferOptions {
  readonly broker: MigrationBroker
  readonly tenant: string
  readonly target: string
  readonly sources: readonly string[]
  /** Refuse any other consumer of the sources meanwhile. */
  readonly exclusive: boolean
}

/** Moves every message of some queues into another until it is closed. */
export interface Transfer {
  /** Resolves when these sources are empty. */
  emptied(queues: readonly string[]): Promise<void>
  /**
   * Binds the target to the tenant's exchange before it unbinds the source. A message published in
   * between is in both, and its copy in the source is dropped.
   */
  switchOver(options: SwitchOptions): Promise<void>
  counts(): MoveCounts
  /** For when the sources are empty. After a failure the passage stays for the next transfer. */
  close(): Promise<void>
}

export interface SwitchOptions {
  readonly exchange: string
  /** The event types that the target receives. */
  readonly routingKeys: readonly string[]
  bindTarget(): Promise<void>
  unbindSource(): Promise<void>
}

export async function openTransfer(options: TransferOptions): Promise<Transfer> {
  const { broker, tenant, target, sources, exclusive } = options
  const passage = passageTo(target)
  const mover = createMover((message) => broker.publish(passage, message))
  // An interrupted transfer in the other direction may have left exchanges that route to the sources.
  for (const source of sources) {
    await broker.removeExchange(switchTo(source))
    await broker.removeExchange(passageTo(source))
  }
  await broker.openPassage(passage, target)
  const flows = new Map(sources.map((queue) => [queue, { taken: 0, unsettled: 0 }]))
  for (const [queue, flow] of flows) {
    await broker.consume({ tenant, queue, exclusive, prefetch }, (message) => take(message, flow))
  }

  return {
    async emptied(queues) {
      for (const [queue, flow] of flows) if (queues.includes(queue)) await drained(queue, flow)
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
    flow.unsettled += 1
    await mover.move(message)
    flow.unsettled -= 1
  }

  /** Waits for one queue alone: another may receive messages without end. */
  async function drained(queue: string, flow: Flow): Promise<void> {
    for (let seen = -1; ; await sleep(quietPeriod)) {
      broker.lost.throwIfAborted()
      mover.check()
      const ready = (await broker.countQueue(queue))?.messages ?? 0
      if (ready === 0 && flow.unsettled === 0 && flow.taken === seen) return
      seen = flow.taken
    }
  }
}

/** Messages taken from one queue, and those of them not settled yet. */
interface Flow {
  taken: number
  unsettled: number
}
