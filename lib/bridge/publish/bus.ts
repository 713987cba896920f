/** One entry of a PutEvents call. */
export interface BusEntry {
  readonly source: string
  readonly detailType: string
  /** JSON text of an object. */
  readonly detail: string
  readonly time?: Date
}

/** What became of one entry. `refused` is for its content, and final; `failed` is not. */
export type EntryResult =
  | { readonly status: 'accepted' }
  | { readonly status: 'refused'; readonly code: string }
  | { readonly status: 'failed'; readonly code: string }

/** The EventBridge bus of a cell. */
export interface Bus {
  /**
   * One PutEvents call, without retries: the publisher decides about those.
   *
   * @returns a result for each entry, in the order of the entries
   * @throws EcosError `call-refused` when the call's content can't be taken, and `bus-unavailable`
   *   for everything else: throttled, timed out, 5xx, not permitted, no such bus
   */
  put(entries: readonly BusEntry[]): Promise<readonly EntryResult[]>
  /**
   * Makes sure that there is a bus, before any message is taken for it.
   *
   * @throws EcosError `bus-missing`, `bus-unavailable`
   */
  check(): Promise<void>
}

/**
 * What asks whether the bus takes events: no rule of a tenant matches its source. A message that is
 * taken and given back has used up one of the deliveries that its queue allows; a probe costs none.
 */
export const probe: BusEntry = {
  source: 'ecos-eventbridge',
  detailType: 'bridge.probe',
  detail: '{}',
}

/** PutEvents takes up to 10 entries a call (EventBridge API reference). */
export const mostEntries = 10

/** Under the 1 MB that all entries of a call may have together (EventBridge user guide, quotas). */
export const mostCallBytes = 1_000_000

/** The size of an entry as EventBridge counts it: 14 bytes for a time, and UTF-8 for the rest. */
export function entryBytes(entry: BusEntry): number {
  return (
    (entry.time ? 14 : 0) +
    Buffer.byteLength(entry.source) +
    Buffer.byteLength(entry.detailType) +
    Buffer.byteLength(entry.detail)
  )
}
