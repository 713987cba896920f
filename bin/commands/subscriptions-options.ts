import { type Command, InvalidArgumentError, Option } from 'commander'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import {
  createSubscriptionBook,
  type SubscriptionBook,
} from '../../lib/aws/tables/subscriptions-book.ts'
import type { ActionsKey } from '../../lib/aws/tables/subscriptions-items.ts'
import { type EventType, eventTypes, isEventType } from '../../lib/events/catalogue.ts'
import { subscribedType } from '../../lib/notifications/subscriptions/subscriptions.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { tenantId } from '../../lib/tenants/tenant-id.ts'
import { fault, say } from '../say.ts'
import { checked } from './checked.ts'
import { cellOption } from './options.ts'

export interface TableOptions {
  readonly cell: string
  readonly table?: string | undefined
}

export interface OfOptions extends TableOptions {
  readonly tenant: string
  readonly user?: string
  readonly everyone?: boolean
  readonly type: EventType
}

/** Options that name the table: by its name, or else by its cell. */
export function tableOptions(command: Command): Command {
  return command
    .addOption(cellOption())
    .addOption(
      new Option('--table <name>', "the table, if not the cell's own").env('SUBSCRIPTIONS_TABLE'),
    )
}

export function tenantOption(): Option {
  return new Option('--tenant <id>', "the tenant's id")
    .argParser(checked(tenantId))
    .makeOptionMandatory()
}

export function userOption(): Option {
  return new Option('--user <name>', "the person's user name").argParser(username)
}

/** Options that name a subscription: a person's or the tenant's rule, and the event type. */
export function ofOptions(command: Command): Command {
  return tableOptions(command)
    .addOption(tenantOption())
    .addOption(userOption())
    .addOption(
      new Option(
        '--everyone',
        "the tenant's rule for all who have no subscription of their own",
      ).conflicts('user'),
    )
    .addOption(
      new Option('--type <event type>', say('one of {types}', { types: eventTypes.join(', ') }))
        .argParser(eventType)
        .makeOptionMandatory(),
    )
}

export function templatesOption(): Option {
  return new Option('--templates <folder>', 'the folder of your own templates').default('templates')
}

/** @throws EcosError `nobody-named` */
export function ofIn({ tenant, user, everyone, type }: OfOptions): ActionsKey {
  if (!user && !everyone) throw fault('nobody-named', 'Pass --user NAME or --everyone')
  return { tenant, eventType: type, ...(user && { username: user }) }
}

/**
 * Works on the cell's subscriptions, with the credentials, region and endpoint of the AWS_* variables.
 *
 * @throws EcosError `no-such-table`
 */
export function withBook<T>(
  options: TableOptions,
  work: (book: SubscriptionBook) => Promise<T>,
): Promise<T> {
  const table = tableOf(options)
  return onTable(table, () => work(createSubscriptionBook(table, createDynamoDb())))
}

/** The name of the table: given, or else the cell's. */
export function tableOf({ cell, table }: Pick<TableOptions, 'cell' | 'table'>): string {
  return table ?? `${cellPrefix(cell)}-subscriptions`
}

/** @throws EcosError `no-such-table` */
export async function onTable<T>(table: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof Error && cause.name === 'ResourceNotFoundException')) throw cause
    throw fault(
      'no-such-table',
      'There is no table {table} in this account and region: set --cell or --table',
      { table },
      cause,
    )
  }
}

function username(text: string): string {
  const name = text.trim().toLowerCase()
  if (name !== '') return name
  throw new InvalidArgumentError(say('must not be empty'))
}

function eventType(type: string): EventType {
  if (isEventType(type)) return subscribedType(type)
  throw new InvalidArgumentError(say('must be one of {types}', { types: eventTypes.join(', ') }))
}
