import { Command, Option } from 'commander'
import { channelNames } from '../../lib/channels/channel.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { checkTemplates, refuseFaults } from '../../lib/notifications/templates/check.ts'
import { readBuiltIn, readOperators } from '../../lib/notifications/templates/files.ts'
import { preview } from './templates-preview.ts'
import { readTenants } from './tenants.ts'

/** `templates preview|check`: what a template makes of an event, and what is wrong with any. */
export function templatesCommand(): Command {
  const templates = new Command('templates').description('What people are told, and in which words')
  const command = (name: string, description: string) =>
    templates
      .command(name)
      .description(description)
      .option('--templates <folder>', 'where your own templates stand', 'templates')
      .addOption(
        new Option('--tenants <file>', 'which tenants there are')
          .env('TENANTS_FILE')
          .default('tenants.yml'),
      )

  command('preview', 'Prints what an event says to a person, and writes its HTML')
    .option('--event <file>', 'JSON as ECOS sends it or as it is on the bus (- for standard input)')
    .addOption(
      new Option(
        '--type <type>',
        'its type; without --event, the sample event of the type',
      ).choices(eventTypes),
    )
    .option('--tenant <id>', 'the tenant, where the event does not say; else of no tenant')
    .addOption(
      new Option('--channel <channel>', 'over which channel')
        .choices(channelNames)
        .default('email'),
    )
    .option('--locale <tag>', "the person's language; else the tenant's")
    .option('--time-zone <zone>', "the person's time zone", 'UTC')
    .option('--template <name>', 'a template by its name')
    .option('--custom-data <json>', 'what the subscription adds; else each name for itself')
    .option('--out <file>', 'where the HTML goes', 'preview.html')
    .action(preview)
  command('check', 'Says what is wrong with any template, with file, line and column').action(check)
  return templates
}

/** @throws EcosError `invalid-templates`: a line for each fault */
function check(options: { templates: string; tenants: string }): void {
  const own = readOperators(options.templates)
  const tenants = readTenants(options.tenants).map(({ id }) => id)
  refuseFaults(checkTemplates({ ...own, ...readBuiltIn() }, tenants), options.templates)
  const { length } = Object.keys(own)
  process.stdout.write(`Nothing is wrong with the ${length} files in ${options.templates}\n`)
}
