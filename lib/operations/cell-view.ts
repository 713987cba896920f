import type { EventType } from '../events/catalogue.ts'

/** An event type that a tenant has turned on. */
export interface EnabledType {
  readonly tenant: string
  readonly type: EventType
}

/** The messages of one SQS queue. Approximate: SQS is eventually consistent. */
export interface QueueCount {
  readonly name: string
  /** Visible: they can be received now. */
  readonly waiting: number
  /** Received, and neither deleted nor visible again. */
  readonly inFlight: number
  /** Sent with a delay that is not over. */
  readonly delayed: number
}

/** A rule and a queue beside those of the cell that receive a copy of every event on its bus. */
export interface EventTap {
  /** Takes the events since the last call, each as EventBridge writes it in JSON; at most 500. */
  take(): Promise<string[]>
  /** Removes the rule and the queue. */
  remove(): Promise<void>
}

/** The cells that are deployed in an account and region, seen from outside. */
export interface Cells {
  deployed(): Promise<string[]>
  queues(cell: string): Promise<QueueCount[]>
  /** @param owner a part of the name of the rule and the queue: who taps */
  tap(cell: string, owner?: string): Promise<EventTap>
}
