import { type Fate, noFates } from '../settle-message.ts'

/** What the worker is doing and what is wrong, as an operator sees it. It holds no secret. */
export interface WorkerStatus {
  /** Whether the broker is connected, else why not; and why it blocks publishing, if it does. */
  broker: { connected: boolean; problem?: string; blocked?: string }
  /** Whether the bus took what it was last given; else since when (ISO 8601) and why not. */
  bus: { accepting: boolean; failingSince?: string; problem?: string }
  /** The worker takes no more messages: it was told to end. */
  stopping: boolean
  /** Messages taken from the broker and not yet settled. */
  inFlight: number
  /** Messages since the start, by where they went. */
  settled: Record<Fate, number>
  /** How many tenants are served, which removed ones are drained, and since when and why they can't be read. */
  tenants: {
    serving: number
    leaving: readonly string[]
    version?: string
    since?: string
    problem?: string
  }
  /** Queues that are consumed. */
  consuming: number
  /** Tenants whose queue can't be consumed now, and why. */
  problems: Record<string, string>
}

export function createStatus(): WorkerStatus {
  return {
    broker: { connected: false, problem: 'not connected yet' },
    bus: { accepting: true },
    stopping: false,
    inFlight: 0,
    settled: noFates(),
    tenants: { serving: 0, leaving: [] },
    consuming: 0,
    problems: {},
  }
}

/** Whether events flow, or would if there were any. One tenant's broken queue does not count. */
export function isReady({ broker, bus, stopping }: WorkerStatus): boolean {
  return broker.connected && bus.accepting && !stopping
}
