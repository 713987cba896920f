import { setTimeout as sleep } from 'node:timers/promises'
import { Command, Option } from 'commander'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import { type EventType, eventTypes } from '../../lib/events/catalogue.ts'
import type { NotificationRecord } from '../../lib/notifications/store.ts'
import { subscribedType } from '../../lib/notifications/subscriptions/subscriptions.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { exitCode } from '../exit-code.ts'
import { say } from '../say.ts'
import { count } from './count.ts'
import { requireTenant } from './known-tenant.ts'
import { type TableOptions, tableOf, tableOptions } from './notifications-options.ts'
import { printResult } from './output.ts'
import { repairsOf } from './repair-ports.ts'
import { onTable, templatesOption, userOption } from './subscriptions-options.ts'

interface SendTestOptions extends TableOptions {
  readonly user: string
  readonly channel: ChannelName
  readonly type: EventType
  readonly templates: string
  readonly subscriptionsTable?: string
  readonly wait: number
}

/** `notifications send-test`. */
export function sendTestCommand(): Command {
  return tableOptions(new Command('send-test'))
    .description('Sends one person a message that says it is a test, and tells what became of it')
    .addOption(userOption().makeOptionMandatory())
    .addOption(
      new Option('--channel <name>', 'the channel').choices(channelNames).makeOptionMandatory(),
    )
    .addOption(
      new Option('--type <event type>', 'whose subscription or rule gives the address')
        .choices(eventTypes)
        .default('task.assign'),
    )
    .addOption(templatesOption())
    .addOption(
      new Option('--subscriptions-table <name>', "the table, if not the cell's own").env(
        'SUBSCRIPTIONS_TABLE',
      ),
    )
    .addOption(
      new Option('--wait <seconds>', 'how long to wait for the outcome')
        .argParser(count)
        .default(60),
    )
    .action(run)
}

async function run(options: SendTestOptions): Promise<void> {
  const { cell, tenant, user: username, channel, type, templates } = options
  await requireTenant(cell, tenant)
  const { TableName, client } = tableOf(options)
  const { subscriptionsTable = `${cellPrefix(cell)}-subscriptions` } = options
  const store = createNotificationStore(TableName, client)
  const tables = { notificationsTable: TableName, subscriptionsTable }
  const repairs = repairsOf({ cell, templates, ...tables })
  const sent = await onTable(subscriptionsTable, () =>
    repairs.sendTest({ tenant, username, channel, eventType: subscribedType(type) }),
  )
  const { notificationId } = sent
  const record = await outcomeOf(() => store.find(sent), options.wait)
  const { state = 'WAIT_FOR_DISPATCH', reason } = record ?? {}
  printResult(options, { notificationId, state, reason }, () => textOf(state, reason, sent))
  if (state !== 'SENT') process.exitCode = exitCode.failed
}

function textOf(
  state: NotificationRecord['state'],
  reason: string | undefined,
  { tenant, notificationId }: { readonly tenant: string; readonly notificationId: string },
): string {
  if (state === 'SENT') return say('SENT: the provider has accepted it')
  const look = `npx ecos-eventbridge notifications show --tenant ${tenant} --id ${notificationId}`
  return [reason === undefined ? state : `${state}: ${reason}`, look].join('\n')
}

/** Milliseconds between two looks. */
const pause = 500

/** The record once it waits no more, or as it is when the time is over. */
async function outcomeOf(
  find: () => Promise<NotificationRecord | undefined>,
  seconds: number,
): Promise<NotificationRecord | undefined> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const record = await find()
    const isOver = record?.state !== 'WAIT_FOR_DISPATCH' || performance.now() > end
    if (isOver) return record
    await sleep(pause)
  }
}
