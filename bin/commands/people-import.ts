import { Command } from 'commander'
import { chunks } from '../../lib/chunks.ts'
import { readPeople } from '../../lib/notifications/ecos-persons.ts'
import { say } from '../say.ts'
import { tellRemarks } from './import-remarks.ts'
import { requireTenant } from './known-tenant.ts'
import { readPeopleFile } from './people-file.ts'
import { withPeople } from './people-options.ts'
import { type TableOptions, tableOptions, tenantOption } from './subscriptions-options.ts'
import { print } from './text.ts'

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
  const { people, remarks } = readPeople(await readPeopleFile(file))
  const refused = tellRemarks(file, remarks, options)
  const counts = say('{people} people; {refused} refused', { people: people.length, refused })
  await requireTenant(options.cell, options.tenant)
  if (options.dryRun) return print(say('Would import {counts}', { counts }))
  await withPeople(options, async (book) => {
    for (const chunk of chunks(people, concurrentWrites)) {
      await Promise.all(chunk.map((one) => book.put(options.tenant, one)))
    }
  })
  print(say('Imported {counts}', { counts }))
}
