import { Command, Option } from 'commander'
import { createKept, createKeptEvents } from '../../lib/aws/payloads.ts'
import { listNotifications } from '../../lib/aws/tables/notifications-list.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import type { NotificationState } from '../../lib/notifications/notification.ts'
import { type ResendOutcome, type ResendPorts, resendable } from '../../lib/notifications/resend.ts'
import {
  type Candidate,
  countSelected,
  type ResendManyPorts,
  type Resent,
  resendMany,
  type Selected,
} from '../../lib/notifications/resend-many.ts'
import { audited, type Deed } from '../../lib/operations/audit.ts'
import type { ListedNotification } from '../../lib/operations/notification-listing.ts'
import { exitCode } from '../exit-code.ts'
import { helpBelow } from '../russian/help.ts'
import { below, say } from '../say.ts'
import { stopSignal } from '../stop-signal.ts'
import { count } from './count.ts'
import { requireTenant } from './known-tenant.ts'
import { recordOf, type TableOptions, tableOf, tableOptions } from './notifications-options.ts'
import { auditOf } from './operator.ts'
import { fromOption, perSecondOption, runOption, toOption } from './options.ts'
import { printResult } from './output.ts'
import { cellQueues, repairsOf } from './repair-ports.ts'
import { onTable } from './subscriptions-options.ts'
import { statusLine } from './text.ts'

interface ResendOptions extends TableOptions {
  readonly bucket: string
  readonly id?: string
  readonly state?: NotificationState
  readonly channel?: ChannelName
  readonly from?: Date
  readonly to?: Date
  readonly atMost: number
  readonly perSecond: number
  readonly run?: boolean
}

const help = `
Give either --id or --state. With --state all of the tenant's notifications in that state are resent, of the
given channel and time of creation: at first they are only counted. A run that was stopped can be repeated;
after one that was killed, --state WAIT_FOR_DISPATCH queues those that it had reopened.
`

export function resendCommand(): Command {
  return tableOptions(new Command('resend'))
    .description(say('Sends notifications in {states} again', { states: resendable.join(', ') }))
    .option('--id <id>', "the notification's id; its first 6 characters do")
    .addOption(
      new Option('--state <state>', 'all in this state')
        .choices([...resendable, 'WAIT_FOR_DISPATCH'])
        .conflicts('id'),
    )
    .addOption(new Option('--channel <name>', 'only by this channel').choices(channelNames))
    .addOption(fromOption())
    .addOption(toOption())
    .addOption(
      new Option('--at-most <count>', 'resend at most this many').argParser(count).default(10_000),
    )
    .addOption(perSecondOption('notifications'))
    .addOption(runOption())
    .addOption(
      new Option(
        '--bucket <name>',
        "the cell's bucket of payloads: PayloadBucketName, an output of its stack",
      )
        .env('PAYLOAD_BUCKET')
        .makeOptionMandatory(),
    )
    .addHelpText('after', below(help, helpBelow.notificationsResend))
    .action(async (options: ResendOptions, command: Command) => {
      const { id, state } = options
      if (id !== undefined) await resendOne({ ...options, id })
      else if (state !== undefined) await resendAll({ ...options, state })
      else command.error(say("error: give '--id <id>' or '--state <state>'"))
    })
}

const outcomes = {
  queued: 'Queued',
  'to-be-planned':
    'It could not be planned before: it is planned again now, and `notifications show` tells how that ended',
} as const satisfies Readonly<Record<ResendOutcome, string>>

async function resendOne(options: ResendOptions & { id: string }): Promise<void> {
  const record = await recordOf(options)
  const { cell, table, bucket } = options
  const repairs = repairsOf({ cell, notificationsTable: table, bucket })
  const outcome = await repairs.resend(record)
  printResult(options, { resent: record.notificationId, outcome }, () => say(outcomes[outcome]))
}

async function resendAll(options: ResendOptions & { state: NotificationState }): Promise<void> {
  const { atMost: limit, perSecond, run } = options
  const table = tableOf(options)
  const signal = stopSignal()
  const ports: ResendManyPorts = {
    ...portsOf(options),
    pages: (state, before) => pagesOf(options, state, before),
    find: createNotificationStore(table.TableName, table.client).find,
    now: () => new Date(),
  }
  const status = statusLine()
  const onProgress = (done: number) => status.show(say('{done} resent', { done }))
  const bounds = { limit, perSecond, signal, onProgress }
  const work = () =>
    run
      ? audited(
          auditOf(options.cell, 'command', table.TableName),
          deedOf(options),
          () => resendMany(options, ports, bounds),
          resultOf,
        )
      : countSelected(options, ports, bounds)
  const done = await onTable(table.TableName, work).finally(() => status.end())
  if (Object.keys(done.channels).length === 0) await requireTenant(options.cell, options.tenant)
  printResult(options, done, () => textOf(done, run ?? false))
  if (signal.aborted) process.exitCode = exitCode.failed
}

function deedOf({ tenant, state, channel }: ResendOptions & { state: NotificationState }): Deed {
  return { action: 'notification.resend', tenant, ...(channel && { channel }), cause: state }
}

function resultOf({ channels }: Resent) {
  return { done: Object.values(channels).reduce((sum, count) => sum + count, 0) }
}

async function* pagesOf(
  options: TableOptions,
  state: NotificationState,
  before: Date | undefined,
): AsyncGenerator<readonly Candidate[]> {
  const { tenant } = options
  let place = before?.toISOString()
  do {
    const page = await listNotifications(
      tableOf(options),
      tenant,
      { state },
      { limit: 100, before: place },
    )
    yield page.notifications.flatMap((one) => candidate(tenant, one))
    place = page.before
  } while (place !== undefined)
}

/** An event without recipients is listed too, and is no notification. */
function candidate(
  tenant: string,
  { notificationId, eventType, eventId, createdAt, channel }: ListedNotification,
): Candidate[] {
  if (notificationId === undefined) return []
  return [{ tenant, notificationId, eventType, eventId, createdAt, channel }]
}

function portsOf(options: ResendOptions): ResendPorts {
  const { TableName, client } = tableOf(options)
  return {
    ...cellQueues(options.cell),
    notifications: createNotificationStore(TableName, client),
    kept: createKept(options.bucket),
    keptEvents: createKeptEvents(options.bucket),
  }
}

/** Notifications that were not resent and are printed, at most. */
const maxShown = 20

function textOf(done: Selected | Resent, isDone: boolean): string {
  const counts = Object.entries(done.channels).map(([channel, number]) => `${channel}: ${number}`)
  const left = 'left' in done ? done.left : []
  if (counts.length + left.length === 0) return say('Nothing matches.')
  const head = say(isDone ? 'Resent:' : 'Would be resent (add --run to do it):')
  const failed = left.slice(0, maxShown).map(({ notificationId: id, reason }) => `${id}  ${reason}`)
  return [
    ...(counts.length > 0 ? [head, ...counts] : []),
    ...(done.more ? [say('There are more: repeat the command for them.')] : []),
    ...(left.length > 0 ? [say('Not resent: {left}', { left: left.length }), ...failed] : []),
  ].join('\n')
}
