import { Command, Option } from 'commander'
import { createKept } from '../../lib/aws/payloads.ts'
import { createQueues, queueUrl } from '../../lib/aws/sqs.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { listNotifications } from '../../lib/aws/tables/notifications-list.ts'
import { findKey, listOfEvent } from '../../lib/aws/tables/notifications-lookup.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { EcosError } from '../../lib/errors.ts'
import { type NotificationState, notificationState } from '../../lib/notifications/notification.ts'
import { resend } from '../../lib/notifications/resend.ts'
import type { NotificationRecord } from '../../lib/notifications/store.ts'
import type { ListedNotification } from '../../lib/operations/notification-listing.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { requireTenant } from './known-tenant.ts'
import { limitOption } from './options.ts'
import { onTable, tenantOption, userOption } from './subscriptions-options.ts'
import { note, print } from './text.ts'

interface TableOptions {
  readonly cell: string
  readonly table?: string
  readonly tenant: string
  readonly json?: boolean
}

/** `notifications list|show|resend`. */
export function notificationsCommand(): Command {
  return new Command('notifications')
    .description('Shows notifications and their deliveries, and resends one (AWS_* variables)')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(resendCommand())
}

interface ListOptions extends TableOptions {
  readonly user?: string
  readonly event?: string
  readonly state?: NotificationState
  readonly limit: number
  readonly before?: string
}

function listCommand(): Command {
  return tableOptions(new Command('list'))
    .description("A tenant's notifications of the last 30 days, the latest first")
    .addOption(userOption())
    .option('--event <id>', 'only those of this event')
    .addOption(
      new Option('--state <state>', 'only those in this state').choices(notificationState.options),
    )
    .addOption(limitOption(100))
    .option(
      '--before <place>',
      'go on where the last list ended; or only those before a time, in UTC',
    )
    .action(async (options: ListOptions) => {
      const { tenant, user: username, event: eventId, state, limit, before, json } = options
      const table = tableOf(options)
      const filter = { username, state }
      const { notifications, before: next } = await onTable(table.TableName, () =>
        eventId === undefined
          ? listNotifications(table, tenant, filter, { limit, before })
          : listOfEvent(table, { tenant, eventId }, filter, { limit, before }),
      )
      if (notifications.length === 0) await requireTenant(options.cell, tenant)
      if (json) return print(JSON.stringify({ notifications, ...(next && { before: next }) }))
      const lines = notifications.map(line)
      print((lines.length > 0 ? lines : ['None']).join('\n'))
      if (next) note(`There may be more: --before '${next}'`)
    })
}

function showCommand(): Command {
  return tableOptions(new Command('show'))
    .description('Shows one notification with all of its deliveries')
    .requiredOption('--id <id>', "the notification's id")
    .action(async (options: TableOptions & { id: string }) => {
      // A person's address is not shown.
      const { address: _, members, ...record } = await recordOf(options)
      const shown = { ...record, ...(members && { members: members.length }) }
      print(options.json ? JSON.stringify(shown) : JSON.stringify(shown, undefined, 2))
    })
}

function resendCommand(): Command {
  return tableOptions(new Command('resend'))
    .description('Sends a notification in ERROR, EXPIRED, UNCERTAIN or BLOCKED again')
    .requiredOption('--id <id>', "the notification's id")
    .addOption(
      new Option('--bucket <name>', "the cell's PayloadBucket, an output of its stack")
        .env('PAYLOAD_BUCKET')
        .makeOptionMandatory(),
    )
    .action(async (options: TableOptions & { id: string; bucket: string }) => {
      const { TableName, client } = tableOf(options)
      const record = await recordOf(options)
      const queue = createQueues()(await queueUrl(`${cellPrefix(options.cell)}-${record.channel}`))
      await resend(record, new Date(), {
        notifications: createNotificationStore(TableName, client),
        kept: createKept(options.bucket),
        enqueue: (_, messages) => queue.sendAll(messages),
      })
      print(options.json ? JSON.stringify({ resent: record.notificationId }) : 'Queued')
    })
}

/** @throws EcosError `no-such-notification`, `no-such-table` */
async function recordOf(options: TableOptions & { id: string }): Promise<NotificationRecord> {
  const { TableName, client } = tableOf(options)
  const { tenant, id: notificationId } = options
  const key = await onTable(TableName, () => findKey({ TableName, client }, tenant, notificationId))
  const record = key && (await createNotificationStore(TableName, client).find(key))
  if (record) return record
  throw new EcosError('no-such-notification', `${tenant} has no notification ${notificationId}`)
}

function tableOptions(command: Command): Command {
  return command
    .addOption(new Option('--cell <name>', 'the cell').env('CELL').default('main'))
    .addOption(
      new Option('--table <name>', "the table, if not the cell's own").env('NOTIFICATIONS_TABLE'),
    )
    .addOption(tenantOption())
    .option('--json', 'print one JSON document')
}

function tableOf({ cell, table }: TableOptions) {
  return { TableName: table ?? `${cellPrefix(cell)}-notifications`, client: createDynamoDb() }
}

function line(one: ListedNotification): string {
  const { createdAt, state, channel = '-', username = '-', eventType, eventId } = one
  const what = [createdAt, state, channel, username, eventType, eventId, one.notificationId ?? '-']
  return [...what, ...(one.reason ? [one.reason] : [])].join('  ')
}
