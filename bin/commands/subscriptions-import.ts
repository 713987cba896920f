import { Command } from 'commander'
import { chunks } from '../../lib/chunks.ts'
import { parseExactJson } from '../../lib/events/exact-number.ts'
import { withActions } from '../../lib/notifications/subscriptions/actions.ts'
import { type Import, readOldSubscribers } from '../../lib/notifications/subscriptions/import.ts'
import type { Remark } from '../../lib/notifications/subscriptions/old-action.ts'
import type { Subscription } from '../../lib/notifications/subscriptions/subscriptions.ts'
import { readKnown } from '../../lib/notifications/templates/files.ts'
import type { TemplateFiles } from '../../lib/notifications/templates/paths.ts'
import { unsuited } from '../../lib/notifications/templates/suits.ts'
import { fault, say } from '../say.ts'
import { tellRemarks } from './import-remarks.ts'
import { unknownTenants } from './known-tenant.ts'
import {
  type TableOptions,
  tableOptions,
  templatesOption,
  withBook,
} from './subscriptions-options.ts'
import { print } from './text.ts'
import { readTextFile } from './text-file.ts'

interface ImportOptions extends TableOptions {
  readonly skipRefused?: boolean
  readonly dryRun?: boolean
  readonly templates: string
}

/** Subscriptions written concurrently. */
const concurrentWrites = 20

/** `subscriptions import`: the old notification service's subscribers, as JSON. */
export function importCommand(): Command {
  return tableOptions(new Command('import'))
    .description("Imports the old notification service's subscribers; may be repeated")
    .argument('<file>', 'a JSON list of subscribers')
    .option('--skip-refused', 'import the others if some are refused')
    .option('--dry-run', 'write nothing, only say what would be imported')
    .addOption(templatesOption())
    .action(run)
}

async function run(file: string, options: ImportOptions): Promise<void> {
  const files = readKnown(options.templates)
  const read = withoutUnsuited(readOldSubscribers(readJson(file)), files)
  const { subscriptions, remarks } = await withoutUnknownTenants(read, options.cell)
  const refused = tellRemarks(file, remarks, options)
  const actions = subscriptions.reduce((sum, one) => sum + one.actions.length, 0)
  const counts = say('{subscriptions} subscriptions with {actions} actions; {refused} refused', {
    subscriptions: subscriptions.length,
    actions,
    refused,
  })
  if (options.dryRun) return print(say('Would import {counts}', { counts }))
  await withBook(options, async (book) => {
    for (const chunk of chunks(subscriptions, concurrentWrites)) {
      await Promise.all(
        chunk.map((one) => book.change(one, (before) => withActions(before, one.actions))),
      )
    }
  })
  print(say('Imported {counts}', { counts }))
}

/** Refuses the actions that name a template of another event type. */
function withoutUnsuited({ subscriptions, remarks }: Import, files: TemplateFiles): Import {
  const refused: Remark[] = []
  const suited = subscriptions.map((one) => {
    const actions = one.actions.filter((action) => {
      const text = unsuited(action, one, files)
      const place = `${one.username}, ${one.eventType}`
      if (text !== undefined) refused.push({ of: 'refused', place, text })
      return text === undefined
    })
    return { ...one, actions }
  })
  return {
    subscriptions: suited.filter(({ actions }) => actions.length > 0),
    remarks: [...remarks, ...refused],
  }
}

/** Refuses the subscriptions of tenants that the cell does not have. */
async function withoutUnknownTenants(
  { subscriptions, remarks }: Import,
  cell: string,
): Promise<Import> {
  const tenants = [...new Set(subscriptions.map(({ tenant }) => tenant))]
  const unknown = await unknownTenants(cell, tenants)
  const problems = unknown.map(({ tenant, problem }): Remark => {
    const count = subscriptions.filter((one) => one.tenant === tenant).length
    return { of: 'refused', place: `${count} subscriptions of ${tenant}`, text: problem.message }
  })
  const isKnown = ({ tenant }: Subscription) => !unknown.some((one) => one.tenant === tenant)
  return { subscriptions: subscriptions.filter(isKnown), remarks: [...remarks, ...problems] }
}

/** @throws EcosError `file-unreadable` */
function readJson(file: string): unknown {
  const json = parseExactJson(readTextFile(file))
  if (json === undefined) throw fault('file-unreadable', '{file} is not JSON', { file })
  return json
}
