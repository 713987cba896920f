import { Command, InvalidArgumentError, Option } from 'commander'
import { createAuditBook } from '../../lib/aws/tables/audit-table.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { type AuditRecord, auditPlace } from '../../lib/operations/audit.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import { cellOption, fromOption, limitOption, tenantOption } from './options.ts'
import { type OutputOptions, printResult, withOutput } from './output.ts'
import { onTable } from './subscriptions-options.ts'
import { table } from './table.ts'
import { note } from './text.ts'
import { listed, type WatchOptions, withWatch } from './watch.ts'

interface AuditOptions extends OutputOptions, WatchOptions {
  readonly cell: string
  readonly tenant?: string
  readonly from?: Date
  readonly before?: string
  readonly limit: number
}

/** `audit`: what operators did. */
export function auditCommand(): Command {
  return withWatch(withOutput(new Command('audit')))
    .description(
      'Who sent again, cancelled, tested, switched or removed what, and when (AWS_* variables)',
    )
    .addOption(cellOption())
    .addOption(tenantOption())
    .addOption(fromOption())
    .addOption(limitOption(100))
    .addOption(new Option('--before <place>', 'go on where the last list ended').argParser(place))
    .action((options: AuditOptions) => listed(options, () => list(options)))
}

function place(text: string): string {
  if (auditPlace.test(text)) return text
  throw new InvalidArgumentError(say('is not a place that a list has printed'))
}

async function list(options: AuditOptions): Promise<void> {
  const { cell, tenant, from, before, limit } = options
  const name = `${cellPrefix(cell)}-notifications`
  const page = await onTable(name, () =>
    createAuditBook(name, createDynamoDb()).list({
      ...{ tenant, before, limit, from: from?.toISOString() },
    }),
  )
  if (page.records.length === 0) await requireTenant(cell, tenant)
  printResult(options, page, () => tableText(page.records))
  if (page.before && options.output === 'table')
    note(say('There may be more: {option}', { option: `--before '${page.before}'` }))
}

const head = ['time', 'action', 'outcome', 'tenant', 'about', 'by', 'identity', 'via'] as const

function tableText(records: readonly AuditRecord[]): string {
  if (records.length === 0) return say('Nothing matches.')
  const rows = records.map((record) => [
    `${record.at.slice(0, 19)}Z`,
    record.action,
    [record.outcome, record.done, record.result].filter((part) => part !== undefined).join(' '),
    record.tenant ?? '-',
    aboutOf(record),
    record.operator.user,
    record.operator.identity,
    record.operator.via,
  ])
  return table(head, rows)
}

function aboutOf(record: AuditRecord): string {
  const { username, channel, eventType, eventId, notificationId, queue, cause } = record
  const id = notificationId?.slice(0, 12) ?? eventId
  return [username, channel, eventType, id, queue, cause].filter(Boolean).join(' ') || '-'
}
