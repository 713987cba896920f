import pLimit from 'p-limit'
import type { RetriedOfTenant } from '../../operations/notification-listing.ts'
import type { Table } from './batch-get.ts'
import { indexes, retriedKey } from './notification-keys.ts'
import { entriesOf, itemsOf, nameOf } from './notifications-list.ts'

/** Tenants that are asked, and notifications of each that are read, at most. */
const maxTenants = 1_000
const maxOfTenant = 50

const concurrentQueries = 20

/** Notifications that wait for another try, of the tenants that have any; the oldest of each first. */
export async function findRetried(
  table: Table,
  tenants: readonly string[],
): Promise<RetriedOfTenant[]> {
  const found = await pLimit(concurrentQueries).map(
    tenants.slice(0, maxTenants),
    async (tenant) => {
      const value = retriedKey(tenant)
      const index = { name: indexes.byState, attribute: 'stateKey', value, isExact: true }
      const { entries, isCut } = await entriesOf(table, index, maxOfTenant, {}, 'oldest')
      if (entries.length === 0) return []
      const items = await itemsOf(table, entries, false)
      const notifications = entries.flatMap((entry) => items.get(nameOf(entry)) ?? [])
      return [{ tenant, notifications, isCut }]
    },
  )
  return found.flat()
}
