import type { Buckets } from './metric-history.ts'

/** What the functions of a cell did for a tenant in one bucket. */
export interface TenantCount {
  readonly tenant: string
  /** When the bucket begins. */
  readonly at: Date
  /** Events that the bridge brought to the bus. */
  readonly events: number
  /** Notifications that were sent. */
  readonly deliveries: number
  /** Failed tries of handlers and senders. */
  readonly failures: number
}

export interface TenantCounts {
  readonly counts: readonly TenantCount[]
  /** Whether the least busy were left out. */
  readonly isCut: boolean
}

/** Counts by tenant out of the functions' logs: metrics have no tenant, for each would be a paid series. */
export type ReadTenantCounts = (cell: string, buckets: Buckets) => Promise<TenantCounts>

/** The fields of a log line that are counted, by what they are added to. */
export const countedFields = {
  events: ['Bridged'],
  deliveries: ['Sent'],
  failures: ['HandlingFailures', 'TransientFailures', 'PermanentFailures', 'UncertainDeliveries'],
} as const
