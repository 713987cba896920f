import { Command, Option } from 'commander'
import { listNotifications } from '../../lib/aws/tables/notifications-list.ts'
import { listOfEvent } from '../../lib/aws/tables/notifications-lookup.ts'
import { type NotificationState, notificationState } from '../../lib/notifications/notification.ts'
import type { ListedNotification } from '../../lib/operations/notification-listing.ts'
import { requireTenant } from './known-tenant.ts'
import { recordOf, type TableOptions, tableOf, tableOptions } from './notifications-options.ts'
import { resendCommand } from './notifications-resend.ts'
import { limitOption } from './options.ts'
import { onTable, userOption } from './subscriptions-options.ts'
import { note, print } from './text.ts'

/** `notifications list|show|resend`. */
export function notificationsCommand(): Command {
  return new Command('notifications')
    .description('Shows notifications and their deliveries, and resends them (AWS_* variables)')
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

function line(one: ListedNotification): string {
  const { createdAt, state, channel = '-', username = '-', eventType, eventId } = one
  const what = [createdAt, state, channel, username, eventType, eventId, one.notificationId ?? '-']
  return [...what, ...(one.reason ? [one.reason] : [])].join('  ')
}
