import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { chunks } from '../../lib/chunks.ts'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { parseExactJson } from '../../lib/events/exact-number.ts'
import { withActions } from '../../lib/notifications/subscriptions/actions.ts'
import { readOldSubscribers } from '../../lib/notifications/subscriptions/import.ts'
import { type TableOptions, tableOptions, withBook } from './subscriptions-options.ts'
import { note, print } from './text.ts'

interface ImportOptions extends TableOptions {
  readonly skipRefused?: boolean
  readonly dryRun?: boolean
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
    .action(run)
}

async function run(file: string, options: ImportOptions): Promise<void> {
  const { subscriptions, remarks } = readOldSubscribers(await readJson(file))
  for (const { of, place, text } of remarks) {
    note(`${file} ${place}: ${of === 'refused' ? 'refused' : 'note'}: ${text}`)
  }
  const refused = remarks.filter(({ of }) => of === 'refused').length
  if (refused > 0 && !options.skipRefused) {
    throw new EcosError(
      'import-refused',
      `Nothing was written, since ${refused} can't be imported: correct them, or add --skip-refused`,
    )
  }
  const actions = subscriptions.reduce((sum, one) => sum + one.actions.length, 0)
  const counts = `${subscriptions.length} subscriptions with ${actions} actions; ${refused} refused`
  if (options.dryRun) return print(`Would import ${counts}`)
  await withBook(options, async (book) => {
    for (const chunk of chunks(subscriptions, concurrentWrites)) {
      await Promise.all(
        chunk.map((one) => book.change(one, (before) => withActions(before, one.actions))),
      )
    }
  })
  print(`Imported ${counts}`)
}

/** @throws EcosError `file-unreadable` */
async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new EcosError('file-unreadable', `${file} can't be read: ${messageOf(cause)}`, { cause })
  })
  const json = parseExactJson(text)
  if (json === undefined) throw new EcosError('file-unreadable', `${file} is not JSON`)
  return json
}
