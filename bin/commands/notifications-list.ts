import { Command, Option } from 'commander'
import { listNotifications } from '../../lib/aws/tables/notifications-list.ts'
import { listOfEvent } from '../../lib/aws/tables/notifications-lookup.ts'
import { findEventId } from '../../lib/aws/tables/notifications-short-ids.ts'
import { type NotificationState, notificationState } from '../../lib/notifications/notification.ts'
import type {
  ListedNotification,
  NotificationPage,
} from '../../lib/operations/notification-listing.ts'
import { fault, say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import { type TableOptions, tableOf, tableOptions } from './notifications-options.ts'
import { fromOption, limitOption, toOption } from './options.ts'
import { printResult } from './output.ts'
import { onTable, userOption } from './subscriptions-options.ts'
import { table } from './table.ts'
import { note, shortIds } from './text.ts'
import { time } from './time.ts'
import { listed, type WatchOptions, withWatch } from './watch.ts'

interface ListOptions extends TableOptions, WatchOptions {
  readonly user?: string
  readonly event?: string
  readonly state?: NotificationState
  readonly limit: number
  readonly from?: Date
  readonly to?: Date
  readonly before?: string
}

export function listCommand(): Command {
  return withWatch(tableOptions(new Command('list')))
    .description("A tenant's notifications of the last 30 days, the latest first")
    .addOption(userOption())
    .option('--event <id>', 'only those of this event; its first 6 characters do')
    .addOption(
      new Option('--state <state>', 'only those in this state').choices(notificationState.options),
    )
    .addOption(fromOption())
    .addOption(toOption())
    .addOption(limitOption(100))
    .addOption(
      new Option('--before <place>', 'go on where the last list ended').argParser(placeOrTime),
    )
    .action((options: ListOptions) => listed(options, () => list(options)))
}

async function list(options: ListOptions): Promise<void> {
  const page = since(options.from, await pageOf(options))
  const { notifications, before } = page
  if (notifications.length === 0) await requireTenant(options.cell, options.tenant)
  printResult(options, page, () => tableText(notifications))
  if (before && options.output === 'table')
    note(say('There may be more: {option}', { option: `--before '${before}'` }))
}

async function pageOf(options: ListOptions): Promise<NotificationPage> {
  const { tenant, user: username, state, limit, event, to } = options
  refuseOtherPlace(options)
  const table = tableOf(options)
  const filter = { username, state }
  const eventId = event && (await wholeEventId(options, event))
  const before = options.before ?? (eventId === undefined ? to?.toISOString() : undefined)
  return onTable(table.TableName, () =>
    eventId === undefined
      ? listNotifications(table, tenant, filter, { limit, before })
      : listOfEvent(table, { tenant, eventId }, filter, { limit, before }),
  )
}

/** The notifications of the page that are not older, and where it goes on unless the rest is older. */
export function since(from: Date | undefined, page: NotificationPage): NotificationPage {
  if (from === undefined) return page
  const { notifications, before } = page
  const inTime = notifications.filter(({ createdAt }) => new Date(createdAt) >= from)
  // A page of a filter may have nothing, and end before that time.
  const goesOn = before !== undefined && before >= from.toISOString()
  return { notifications: inTime, ...(goesOn && { before }) }
}

/** The place where a list ended: of a tenant's a time with a mark, of an event's the key of a notification. */
const timePlace = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(#[0-9a-f]{12})?$/
const eventPlace = /^notification#[0-9a-f]{64}$/

function placeOrTime(text: string): string {
  return timePlace.test(text) || eventPlace.test(text) ? text : time(text).toISOString()
}

/** @throws EcosError `not-asked` if the place or the time is one of another list */
function refuseOtherPlace({ event, before, from, to }: ListOptions): void {
  if (event !== undefined && (from ?? to) !== undefined) {
    throw fault('not-asked', "One event's notifications are listed whole: leave out the times")
  }
  if (before === undefined || eventPlace.test(before) === (event !== undefined)) return
  throw fault(
    'not-asked',
    event === undefined
      ? 'This --before is a place in the list of one event: pass its --event too'
      : 'With --event, --before takes only the place where the last list ended',
  )
}

/** A short id that no notification's event begins with stays as it is: nothing is found then. */
async function wholeEventId(options: ListOptions, id: string): Promise<string> {
  const { tenant } = options
  const table = tableOf(options)
  return onTable(table.TableName, async () => {
    const exact = await listOfEvent(table, { tenant, eventId: id }, {}, { limit: 1 })
    if (exact.notifications.length > 0) return id
    return (await findEventId(table, tenant, id)) ?? id
  })
}

const head = [
  'time',
  'state',
  'channel',
  'person',
  'type',
  'event',
  'notification',
  'reason',
] as const

function tableText(notifications: readonly ListedNotification[]): string {
  if (notifications.length === 0) return say('Nothing matches.')
  const event = shortIds(notifications.map(({ eventId }) => eventId))
  const id = shortIds(notifications.flatMap(({ notificationId }) => notificationId ?? []))
  const rows = notifications.map((one) => [
    `${one.createdAt.slice(0, 19)}Z`,
    one.state,
    one.channel ?? '-',
    one.username ?? '-',
    one.eventType,
    event(one.eventId),
    one.notificationId === undefined ? '-' : id(one.notificationId),
    more(one),
  ])
  return table(head, rows)
}

/** The reason; which reminder it is, and when it comes. */
function more({ reminder, heldUntil, reason }: ListedNotification): string {
  const parts = [
    reminder?.text,
    heldUntil && say('held until {time}', { time: `${heldUntil.slice(0, 19)}Z` }),
    reason,
  ]
  return parts.filter(Boolean).join('; ')
}
