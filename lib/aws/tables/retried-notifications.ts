import pLimit from 'p-limit'
import type { RetriedOfTenant } from '../../operations/notification-listing.ts'
import type { Table } from './batch-get.ts'
import { indexes, retriedKey } from './notification-keys.ts'
import { entriesOf, itemsOf, nameOf, triedAttributes } from './notifications-list.ts'

/** Notifications of a tenant that are read, at most. */
const maxOfTenant = 50

const concurrentQueries = 20

/** Notifications that wait for another try, of the tenants that have any; the oldest of each first. */
export async function findRetried(
  table: Table,
  tenants: readonly string[],
): Promise<RetriedOfTenant[]> {
  const found = await pLimit(concurrentQueries).map([...tenants], async (tenant) => {
    const value = retriedKey(tenant)
    const index = { name: indexes.byState, attribute: 'stateKey', value, isExact: true }
    const { entries, isCut } = await entriesOf(table, index, maxOfTenant, {}, 'oldest')
    if (entries.length === 0) return []
    const items = await itemsOf(table, entries, false, triedAttributes)
    const notifications = entries.flatMap((entry) => items.get(nameOf(entry)) ?? [])
    return [{ tenant, notifications, isCut }]
  })
  return found.flat()
}
