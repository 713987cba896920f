import type { EventKey } from '../events/bus-event.ts'
import type { EventNotes } from './event-notes.ts'
import type { Range } from './subscriptions/subscriptions.ts'

/** An event, or a replay of it that tells everybody again. */
export interface EventRun extends EventKey {
  /** The replay's name. */
  readonly again?: string
}

/** The outcome of handling an event. */
export interface HandledEvent extends EventNotes {
  readonly state: 'HANDLED' | 'RECIPIENTS_NOT_FOUND'
  readonly recipients: number
  readonly notifications: number
}

/** An event whose recipients are told part by part. */
export interface EventInParts {
  readonly state: 'IN_PARTS'
  readonly recipients: number
  /** The recipients of each part. They are cut once: all tries work on the same ranges. */
  readonly ranges: readonly Range[]
}

export type EventRecord = HandledEvent | EventInParts

/** How far a part is. */
export interface PartRecord {
  /** From 0. */
  readonly number: number
  /** The step of the part that wrote this. */
  readonly step: number
  /** The last person who was told. */
  readonly after?: string | undefined
  readonly isDone: boolean
  /** Why some of its notifications failed that a mended template and a redrive would make. */
  readonly broken?: string | undefined
  readonly recipients: number
  readonly notifications: number
}

/** What is remembered of events, for 30 days: an event that was handled is not handled again. */
export interface EventRecords {
  find(run: EventRun): Promise<EventRecord | undefined>
  record(run: EventRun, record: HandledEvent): Promise<void>
  /** Records the parts unless the event has a record. @returns its record */
  begin(run: EventRun, record: EventInParts): Promise<EventRecord>
  findPart(run: EventRun, number: number): Promise<PartRecord | undefined>
  /** @returns false if the part's record is no longer `before`: another copy is at work */
  savePart(run: EventRun, record: PartRecord, before: PartRecord | undefined): Promise<boolean>
  /** Those parts that have been begun, read consistently. */
  partsOf(run: EventRun): Promise<readonly PartRecord[]>
}
