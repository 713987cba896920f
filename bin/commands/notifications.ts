import { Command, Option } from 'commander'
import { listNotifications } from '../../lib/aws/tables/notifications-list.ts'
import { listOfEvent } from '../../lib/aws/tables/notifications-lookup.ts'
import { findEventId } from '../../lib/aws/tables/notifications-short-ids.ts'
import { EcosError } from '../../lib/errors.ts'
import { type NotificationState, notificationState } from '../../lib/notifications/notification.ts'
import type { ListedNotification } from '../../lib/operations/notification-listing.ts'
import { requireTenant } from './known-tenant.ts'
import { recordOf, type TableOptions, tableOf, tableOptions } from './notifications-options.ts'
import { resendCommand } from './notifications-resend.ts'
import { limitOption } from './options.ts'
import { onTable, userOption } from './subscriptions-options.ts'
import { note, print } from './text.ts'
import { time } from './time.ts'

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
    .option('--event <id>', 'only those of this event; its first 6 characters do')
    .addOption(
      new Option('--state <state>', 'only those in this state').choices(notificationState.options),
    )
    .addOption(limitOption(100))
    .addOption(
      new Option(
        '--before <place>',
        'go on where the last list ended; or only those before a time: 2h (ago), yesterday, or ISO 8601',
      ).argParser(placeOrTime),
    )
    .action(async (options: ListOptions) => {
      const { tenant, user: username, event, state, limit, before, json } = options
      const table = tableOf(options)
      const filter = { username, state }
      refuseOtherPlace(options)
      const eventId = event && (await wholeEventId(options, event))
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

/** The place where a list ended: of a tenant's a time with a mark, of an event's the key of a notification. */
const timePlace = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(#[0-9a-f]{12})?$/
const eventPlace = /^notification#[0-9a-f]{64}$/

function placeOrTime(text: string): string {
  return timePlace.test(text) || eventPlace.test(text) ? text : time(text).toISOString()
}

/** @throws EcosError `not-asked` if the place is one of another list */
function refuseOtherPlace({ event, before }: ListOptions): void {
  if (before === undefined || eventPlace.test(before) === (event !== undefined)) return
  throw new EcosError(
    'not-asked',
    event === undefined
      ? 'This --before is a place in the list of one event: pass its --event too'
      : 'With --event, --before takes only the place where the last list ended',
  )
}

/** A short id that no notification's event begins with stays as it is: nothing is found then. */
async function wholeEventId(options: ListOptions, id: string): Promise<string> {
  const table = tableOf(options)
  const exact = await onTable(table.TableName, () =>
    listOfEvent(table, { tenant: options.tenant, eventId: id }, {}, { limit: 1 }),
  )
  if (exact.notifications.length > 0) return id
  return (await findEventId(table, options.tenant, id)) ?? id
}

function showCommand(): Command {
  return tableOptions(new Command('show'))
    .description('Shows one notification with all of its deliveries')
    .requiredOption('--id <id>', "the notification's id; its first 6 characters do")
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
