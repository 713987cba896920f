/** One entry of a PutEvents call. */
export interface BusEntry {
  readonly source: string
  readonly detailType: string
  /** JSON text of an object, in UTF-8. */
  readonly detail: Buffer
  readonly time?: Date | undefined
  /** An ARN in `Resources`: the tenant's partition. Without it the default rules take the event. */
  readonly resource?: string | undefined
}

/** The result of one entry. `refused` is final: its content is at fault. `failed` may be retried. */
export type EntryResult =
  | { readonly status: 'accepted' }
  | { readonly status: 'refused'; readonly code: string }
  | { readonly status: 'failed'; readonly code: string }

/** The EventBridge bus of a cell. */
export interface Bus {
  /**
   * One PutEvents call, without retries: those are the publisher's.
   *
   * @returns a result for each entry, in the order of the entries
   * @throws EcosError `call-refused` for the call's content; `bus-unavailable` for anything else:
   *   throttled, timed out, 5xx, not permitted, no such bus
   */
  put(entries: readonly BusEntry[]): Promise<readonly EntryResult[]>
  /**
   * Checks that the bus exists, before any message is consumed for it.
   *
   * @throws EcosError `bus-missing`, `bus-unavailable`
   */
  check(): Promise<void>
}

/**
 * An entry that tests whether the bus accepts events; no tenant's rule matches its source. A consumed
 * and returned message uses up one of its queue's deliveries; a probe costs none.
 */
export const probe: BusEntry = {
  source: 'ecos-eventbridge',
  detailType: 'bridge.probe',
  detail: Buffer.from('{}'),
}

/** PutEvents accepts up to 10 entries per call (EventBridge API reference). */
export const mostEntries = 10

/** Below the 1 MB that the entries of a call may have in total (EventBridge user guide, quotas). */
export const mostCallBytes = 1_000_000

/** The size of an entry as EventBridge counts it: 14 bytes for a time, and UTF-8 for the rest. */
export function entryBytes(entry: BusEntry): number {
  return (
    (entry.time ? 14 : 0) +
    Buffer.byteLength(entry.source) +
    Buffer.byteLength(entry.detailType) +
    entry.detail.length +
    Buffer.byteLength(entry.resource ?? '')
  )
}
