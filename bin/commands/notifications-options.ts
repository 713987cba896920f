import { type Command, Option } from 'commander'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { findKey } from '../../lib/aws/tables/notifications-short-ids.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import type { NotificationRecord } from '../../lib/notifications/store.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { fault } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import { cellOption } from './options.ts'
import { type OutputOptions, withOutput } from './output.ts'
import { onTable, tenantOption } from './subscriptions-options.ts'

export interface TableOptions extends OutputOptions {
  readonly cell: string
  readonly table?: string
  readonly tenant: string
}

/**
 * The notification of `--id`, whole or short.
 *
 * @throws EcosError `no-such-notification`, `ambiguous-id`, `no-such-tenant`, `no-such-table`
 */
export async function recordOf(
  options: TableOptions & { id: string },
): Promise<NotificationRecord> {
  const { TableName, client } = tableOf(options)
  const { tenant, id: notificationId } = options
  const key = await onTable(TableName, () => findKey({ TableName, client }, tenant, notificationId))
  const record = key && (await createNotificationStore(TableName, client).find(key))
  if (record) return record
  await requireTenant(options.cell, tenant)
  throw fault('no-such-notification', '{tenant} has no notification {id}', {
    tenant,
    id: notificationId,
  })
}

export function tableOptions(command: Command): Command {
  return withOutput(command)
    .addOption(cellOption())
    .addOption(
      new Option('--table <name>', "the table, if not the cell's own").env('NOTIFICATIONS_TABLE'),
    )
    .addOption(tenantOption())
}

export function tableOf({ cell, table }: TableOptions) {
  return { TableName: table ?? `${cellPrefix(cell)}-notifications`, client: createDynamoDb() }
}
