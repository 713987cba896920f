import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { CsvError, parse } from 'csv-parse/sync'
import { chunks } from '../../lib/chunks.ts'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { parseExactJson } from '../../lib/events/exact-number.ts'
import { readPeople } from '../../lib/notifications/ecos-persons.ts'
import { requireTenant } from './known-tenant.ts'
import { withPeople } from './people-options.ts'
import { type TableOptions, tableOptions, tenantOption } from './subscriptions-options.ts'
import { note, print } from './text.ts'

interface ImportOptions extends TableOptions {
  readonly tenant: string
  readonly skipRefused?: boolean
  readonly dryRun?: boolean
}

/** People written concurrently. */
const concurrentWrites = 20

/** `people import`: ECOS's persons, as JSON or CSV. */
export function importPeopleCommand(): Command {
  return tableOptions(new Command('import'))
    .description(
      "Imports ECOS's persons; may be repeated: a person of the file replaces the stored one",
    )
    .argument('<file>', 'JSON, or CSV with a line of names: docs/notifications.md')
    .addOption(tenantOption())
    .option('--skip-refused', 'import the others if some are refused')
    .option('--dry-run', 'write nothing, only say what would be imported')
    .action(run)
}

async function run(file: string, options: ImportOptions): Promise<void> {
  const { people, remarks } = readPeople(contentOf(file, await textOf(file)))
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
  const counts = `${people.length} people; ${refused} refused`
  if (options.dryRun) return print(`Would import ${counts}`)
  await requireTenant(options.cell, options.tenant)
  await withPeople(options, async (book) => {
    for (const chunk of chunks(people, concurrentWrites)) {
      await Promise.all(chunk.map((one) => book.put(options.tenant, one)))
    }
  })
  print(`Imported ${counts}`)
}

/** @throws EcosError `file-unreadable` */
async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new EcosError('file-unreadable', `${file} can't be read: ${messageOf(cause)}`, { cause })
  })
}

/** JSON, or else CSV with commas, semicolons (as Excel writes it in Russian) or tabs. */
function contentOf(file: string, text: string): unknown {
  if (/^\s*[[{]/.test(text.replace(/^\ufeff/, ''))) {
    const json = parseExactJson(text.replace(/^\ufeff/, ''))
    if (json === undefined) throw new EcosError('file-unreadable', `${file} is not JSON`)
    return json
  }
  const [head = ''] = text.split('\n', 1)
  const delimiter = [';', '\t'].find((one) => head.includes(one)) ?? ','
  try {
    const options = { columns: true, bom: true, trim: true, skip_empty_lines: true } as const
    return parse(text, { ...options, delimiter })
  } catch (cause) {
    // The message may quote a person; the code and the line do not.
    const at =
      cause instanceof CsvError ? `${cause.code}, line ${cause['lines'] ?? '?'}` : 'unknown'
    throw new EcosError('file-unreadable', `${file} is not CSV: ${at}`)
  }
}
