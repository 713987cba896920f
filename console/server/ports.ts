import type { QueuedNotification } from '../../lib/notifications/notification.ts'
import type { NotificationRecord } from '../../lib/notifications/store.ts'
import type { SubscriptionEntry } from '../../lib/notifications/subscriptions/entry.ts'
import type { Audit, AuditBook } from '../../lib/operations/audit.ts'
import type { Cells, EnabledType } from '../../lib/operations/cell-view.ts'
import type { ReasonOf } from '../../lib/operations/dead-letters.ts'
import type { Deployment } from '../../lib/operations/deployment.ts'
import type { EventStory } from '../../lib/operations/event-story.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import type { ReadMetrics } from '../../lib/operations/metric-history.ts'
import type {
  NotificationFilter,
  NotificationPage,
  RetriedOfTenant,
  TenantsPage,
} from '../../lib/operations/notification-listing.ts'
import type { Repairs } from '../../lib/operations/repairs.ts'
import type { ReadTenantCounts } from '../../lib/operations/tenant-counts.ts'
import type { TenantsChange } from '../../lib/tenants/tenants-change.ts'
import type { Fault } from './fault.ts'
import type { Backlog } from './observed.ts'

export interface Letters {
  readonly boxes: readonly LetterBox[]
  readonly reasonOf: ReasonOf
  /** Why a source of letters is missing. */
  readonly problems: readonly Fault[]
}

export interface ConsoleRepairs extends Repairs {
  find(tenant: string, notificationId: string): Promise<NotificationRecord | undefined>
}

export interface AuditOfCell extends Audit {
  readonly list: AuditBook['list']
}

/** The live system, as the console sees it. */
export interface ConsolePorts extends Pick<Cells, 'queues' | 'tap'> {
  cells(): Promise<string[]>
  /** The event types that the cell's tenants have turned on; undefined if they can't be read. */
  enabledTypes(cell: string): Promise<readonly EnabledType[] | undefined>
  /** Whoever may have notifications in the cell, also without an event type; undefined if they can't be read. */
  tenants(cell: string): Promise<readonly string[] | undefined>
  /** Resolves to undefined without AMQP_URL and TENANTS_FILE. */
  backlogs(cell: string): Promise<readonly Backlog[] | undefined>
  /** @param tenant whose letters are wanted: queues at the broker that others have to themselves are left out */
  withLetters<T>(cell: string, work: (letters: Letters) => Promise<T>, tenant?: string): Promise<T>
  stories(
    cell: string,
    pairs: readonly { readonly tenant: string; readonly type: string }[],
    eventId: string,
  ): Promise<EventStory[]>
  /** @param before where the former page ended, or a time */
  search(
    cell: string,
    tenant: string,
    filter: NotificationFilter,
    before?: string,
  ): Promise<NotificationPage>
  /** The same over many tenants. */
  searchTenants(
    cell: string,
    tenants: readonly string[],
    filter: NotificationFilter,
    before?: string,
  ): Promise<TenantsPage>
  /** What waits after a failed try, of the tenants that have any. */
  retried(cell: string, tenants: readonly string[]): Promise<readonly RetriedOfTenant[]>
  /** @returns the message as it was sent; undefined if it was not sent yet, or is not kept */
  message(
    cell: string,
    tenant: string,
    notificationId: string,
  ): Promise<QueuedNotification | undefined>
  subscriptions(cell: string, tenant: string): Promise<SubscriptionEntry[]>
  readonly metrics: ReadMetrics
  readonly tenantCounts: ReadTenantCounts
  /** Deployments that ended after a time, or have not ended. */
  deployments(cell: string, from: Date): Promise<readonly Deployment[]>
  tenantsHistory(cell: string): Promise<readonly TenantsChange[]>
  /** The operators' actions, each on record. */
  repairs(cell: string): Promise<ConsoleRepairs>
  /** The record of what operators did. */
  audit(cell: string): Promise<AuditOfCell>
  close(): Promise<void>
}
