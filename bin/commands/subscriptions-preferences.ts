import { Command } from 'commander'
import { EcosError } from '../../lib/errors.ts'
import { newPreferences } from '../../lib/notifications/subscriptions/preferences.ts'
import { faultsIn, parseJson } from '../../lib/parse.ts'
import { say } from '../say.ts'
import { requireTenant } from './known-tenant.ts'
import {
  type TableOptions,
  tableOptions,
  tenantOption,
  userOption,
  withBook,
} from './subscriptions-options.ts'
import { note, print } from './text.ts'

interface PersonOptions extends TableOptions {
  readonly tenant: string
  readonly user: string
}

/** `subscriptions preferences show|set`. */
export function preferencesCommand(): Command {
  const command = (name: string, description: string) =>
    tableOptions(new Command(name))
      .description(description)
      .addOption(tenantOption())
      .addOption(userOption().makeOptionMandatory())
  return new Command('preferences')
    .description("One person's preferences: channels, quiet hours, digest")
    .addCommand(command('show', 'Prints them as JSON').action(show))
    .addCommand(
      command('set', 'Replaces all of them')
        .argument('<json>', '{"timeZone":"Europe/Moscow", …}: docs/notifications.md')
        .action(set),
    )
}

async function show(options: PersonOptions): Promise<void> {
  const { tenant, user } = options
  const entries = await withBook(options, (book) => book.ofPerson(tenant, user))
  const found = entries.find((entry) => entry.of === 'preferences')
  if (!found) {
    await requireTenant(options.cell, tenant)
    note(say('{user} of {tenant} has no preferences', { user, tenant }))
  }
  print(JSON.stringify(found?.preferences ?? {}, undefined, 2))
}

async function set(json: string, options: PersonOptions): Promise<void> {
  await requireTenant(options.cell, options.tenant)
  const parsed = newPreferences.safeParse(parseJson(json))
  if (!parsed.success) throw new EcosError('invalid-preferences', faultsIn(parsed.error))
  await withBook(options, (book) => book.setPreferences(options.tenant, options.user, parsed.data))
  print(say('Set'))
}
