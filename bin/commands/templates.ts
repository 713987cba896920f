import { Command, InvalidArgumentError, Option } from 'commander'
import { channelNames } from '../../lib/channels/channel.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { localeField } from '../../lib/locale.ts'
import { reminderType } from '../../lib/notifications/notification.ts'
import { isObject, parseJson } from '../../lib/parse.ts'
import { timeZoneField } from '../../lib/time-zone.ts'
import { say } from '../say.ts'
import { checked } from './checked.ts'
import { cellOption } from './options.ts'
import { check } from './templates-check.ts'
import { importTemplatesCommand } from './templates-import.ts'
import { preview } from './templates-preview.ts'

/** `templates preview|check|import`. */
export function templatesCommand(): Command {
  const templates = new Command('templates').description(
    'Previews, checks and imports notification templates',
  )
  const command = (name: string, description: string) =>
    templates
      .command(name)
      .description(description)
      .option('--templates <folder>', 'the folder of your own templates', 'templates')
      .addOption(
        new Option('--tenants <file>', 'the file that names the tenants')
          .env('TENANTS_FILE')
          .default('tenants.yml'),
      )

  command('preview', 'Renders an event: prints what arrives by the channel, and writes the HTML')
    .option('--event <file>', 'JSON as ECOS sends it or as it is on the bus (- for standard input)')
    .addOption(
      new Option(
        '--type <event type>',
        "the event's type; without --event, the sample event of the type",
      ).choices([...eventTypes, reminderType]),
    )
    .option('--tenant <id>', 'the tenant, if the event does not name it; none by default')
    .addOption(new Option('--channel <name>', 'the channel').choices(channelNames).default('email'))
    .option(
      '--locale <tag>',
      "the person's language; the tenant's by default",
      checked(localeField),
    )
    .option(
      '--time-zone <zone>',
      "the person's time zone; the tenant's by default",
      checked(timeZoneField),
    )
    .option('--template <name>', 'a template by its name')
    .option('--custom-data <json>', 'custom data; by default each name stands for itself', json)
    .option('--out <file>', 'the file to write the HTML to', 'preview.html')
    .action(preview)
  command('check', 'Reports faults in templates, with file, line and column')
    .option('--subscriptions', 'check also the subscriptions of the cell (AWS_* variables)')
    .addOption(cellOption())
    .action(check)
  templates.addCommand(importTemplatesCommand())
  return templates
}

function json(text: string): Record<string, unknown> {
  const parsed = parseJson(text)
  if (isObject(parsed)) return parsed
  throw new InvalidArgumentError(say('is not a JSON object'))
}
