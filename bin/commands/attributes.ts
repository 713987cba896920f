import { Command, InvalidArgumentError, Option } from 'commander'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { createRecordListeners } from '../../lib/aws/tables/record-listeners-table.ts'
import { EcosError } from '../../lib/errors.ts'
import { type EventType, eventTypes } from '../../lib/events/catalogue.ts'
import { parseExactJson } from '../../lib/events/exact-number.ts'
import { createLog } from '../../lib/log.ts'
import { faultsIn } from '../../lib/parse.ts'
import {
  type RecordListeners,
  type RegisteredInterest,
  registeredInterest,
} from '../../lib/records/record-listeners.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import { cellOption } from './options.ts'
import { type OutputOptions, printResult, withOutput } from './output.ts'
import { onTable, tenantOption } from './subscriptions-options.ts'
import { table } from './table.ts'
import { print } from './text.ts'
import { listed, type WatchOptions, withWatch } from './watch.ts'

/** `attributes list|add|remove`. */
export function attributesCommand(): Command {
  return new Command('attributes')
    .description('Record attributes that listeners on the bus request (AWS_* variables)')
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand())
}

interface TableOptions {
  readonly cell: string
  readonly table?: string
  readonly tenant: string
}

function listCommand(): Command {
  return withWatch(withOutput(tenantOptions(new Command('list'))))
    .description("Lists a tenant's listeners and the attributes that they request")
    .action((options: TableOptions & OutputOptions & WatchOptions) =>
      listed(options, () => list(options)),
    )
}

async function list(options: TableOptions & OutputOptions): Promise<void> {
  const found = await withListeners(options, (listeners) => listeners.ofTenant(options.tenant))
  if (found.length === 0) await requireTenant(options.cell, options.tenant)
  printResult(options, found, () => tableText(found))
}

interface OfOptions extends TableOptions {
  readonly listener: string
  readonly type: EventType
  readonly attribute?: readonly string[]
  readonly filter?: unknown
}

function addCommand(): Command {
  return ofOptions(new Command('add'))
    .description('Requests attributes, in addition to those already requested')
    .addOption(
      new Option('--filter <json>', 'only events that match this predicate').argParser(filter),
    )
    .action(async (options: OfOptions) => {
      await requireTenant(options.cell, options.tenant)
      await withListeners(options, (table) => table.add(options.tenant, registrationIn(options)))
      print(say('Added'))
    })
}

function removeCommand(): Command {
  return ofOptions(new Command('remove'))
    .description('Stops requesting these attributes; without any, all events of the type')
    .action(async (options: OfOptions) => {
      const { tenant } = options
      const { listener, eventType, attributes } = registrationIn(options)
      const isThere = await withListeners(options, (table) =>
        table.remove({ tenant, listener, eventType }, attributes),
      )
      if (!isThere) await requireTenant(options.cell, tenant)
      print(say(isThere ? 'Removed' : 'There is nothing to remove'))
    })
}

/** @throws EcosError `invalid-listener` */
function registrationIn({ listener, type, attribute = [], filter }: OfOptions): RegisteredInterest {
  const parsed = registeredInterest.safeParse({
    listener,
    eventType: type,
    attributes: attribute,
    filter,
  })
  if (parsed.success) return parsed.data
  throw new EcosError('invalid-listener', faultsIn(parsed.error))
}

function tenantOptions(command: Command): Command {
  return command
    .addOption(cellOption())
    .addOption(
      new Option('--table <name>', "the table (default: the cell's own)").env(
        'RECORD_LISTENERS_TABLE',
      ),
    )
    .addOption(tenantOption())
}

function ofOptions(command: Command): Command {
  return tenantOptions(command)
    .requiredOption('--listener <name>', "the listener's name, of the tenant's choice")
    .addOption(
      new Option('--type <event type>', 'the event type').choices(eventTypes).makeOptionMandatory(),
    )
    .option('--attribute <path...>', 'attribute paths of the Records API: author.email')
}

function withListeners<T>(
  { cell, table = `${cellPrefix(cell)}-record-listeners` }: TableOptions,
  work: (listeners: RecordListeners) => Promise<T>,
): Promise<T> {
  return onTable(table, () => work(createRecordListeners(table, createDynamoDb(), createLog())))
}

function tableText(found: readonly RegisteredInterest[]): string {
  if (found.length === 0) return say('Nothing matches.')
  const rows = found.map(({ listener, eventType, attributes, filter }) => [
    listener,
    eventType,
    attributes.join(', ') || '-',
    filter ? JSON.stringify(filter) : '-',
  ])
  return table(['listener', 'type', 'attributes', 'only if'], rows)
}

function filter(text: string): unknown {
  const json = parseExactJson(text)
  if (json === undefined) throw new InvalidArgumentError(say('not valid JSON'))
  return json
}
