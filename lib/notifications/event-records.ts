import type { EventKey } from '../events/bus-event.ts'

/** An event, or a replay of it that tells everybody again. */
export interface EventRun extends EventKey {
  /** The replay's name. */
  readonly again?: string
}

/** The outcome of handling an event. */
export interface EventRecord {
  readonly state: 'HANDLED' | 'RECIPIENTS_NOT_FOUND'
  readonly recipients: number
  readonly notifications: number
}

/** What is remembered of events, for 30 days: an event with a record is not handled again. */
export interface EventRecords {
  find(run: EventRun): Promise<EventRecord | undefined>
  record(run: EventRun, record: EventRecord): Promise<void>
}
