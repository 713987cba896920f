import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type EventType, eventTypes } from '../../lib/events/catalogue.ts'
import { checkImport } from '../../lib/notifications/ecos-templates/check-import.ts'
import { importTemplates } from '../../lib/notifications/ecos-templates/import-templates.ts'
import { readKnown } from '../../lib/notifications/templates/files.ts'
import { createNamedAttributes } from '../../lib/notifications/templates/named-attributes.ts'
import {
  allTenants,
  type TemplateFiles,
  tenantFolder,
} from '../../lib/notifications/templates/paths.ts'
import { events2Types } from '../../lib/tenants/events-2.ts'
import { tenantId } from '../../lib/tenants/tenant-id.ts'
import { say } from '../say.ts'
import { checked } from './checked.ts'
import { presentFiles, report } from './import-report.ts'
import { readArtifactFiles, superfluous, writeTemplates } from './template-folders.ts'
import { print } from './text.ts'

interface Options {
  readonly templates: string
  readonly tenant?: string
  readonly type?: EventType
  readonly config: Readonly<Record<string, string>>
  readonly replace?: boolean
  readonly skipRefused?: boolean
  readonly dryRun?: boolean
}

/** `templates import`: ECOS's notification artifacts. */
export function importTemplatesCommand(): Command {
  return new Command('import')
    .description("Translates ECOS's notification templates (.ftl with .meta.yml) into your own")
    .argument('<folder>', 'a folder of artifacts: notification/template')
    .option('--templates <folder>', 'the folder of your own templates', 'templates')
    .addOption(
      new Option('--tenant <id>', 'for this tenant; by default for all tenants').argParser(
        checked(tenantId),
      ),
    )
    .addOption(
      new Option(
        '--type <event type>',
        'the events that they tell of: they have to suit them; by default any',
      ).choices(eventTypes),
    )
    .addOption(
      new Option('--config <key=value>', "a value of ECOS's configuration; may be repeated")
        .argParser(setting)
        .default({}, say('none')),
    )
    .option(
      '--replace',
      'overwrite files that differ, and remove those that the artifacts no longer have',
    )
    .option('--skip-refused', 'import the others if some are refused')
    .option('--dry-run', 'write nothing, only print what would be written')
    .action(run)
}

async function run(folder: string, options: Options): Promise<void> {
  const { templates, tenant, type, config, replace, skipRefused, dryRun } = options
  const scope = tenant === undefined ? allTenants : tenantFolder(tenant)
  const record = type !== undefined && events2Types.includes(type) ? 'record' : ''
  const { files: artifacts, unread } = await readArtifactFiles(folder)
  const translated = importTemplates(artifacts, { scope, record, config }, unread)
  const known = readKnown(templates)
  const checked = checkImport(translated, known, { tenant, type })
  const { files, imported } = checked
  const old = await superfluous(templates, files)
  const present = replace ? [] : await presentFiles(templates, files, old)
  report(checked, present, { folder, templates, skipRefused })
  if (dryRun)
    for (const [path, text] of Object.entries(files)) print(`${join(templates, path)}:\n${text}`)
  else await writeTemplates(templates, files, old)
  for (const path of old.map((one) => join(templates, one)))
    print(dryRun ? say('Would remove {path}', { path }) : say('Removed {path}', { path }))

  const attributes = createNamedAttributes({ ...withoutFiles(known, old), ...files })
  for (const template of imported) {
    const asked = attributes(tenant ?? allTenants, template).join(', ')
    if (asked !== '')
      print(say('{template} asks for {attributes}', { template, attributes: asked }))
  }
  if (checked.libraries.length > 0) {
    const libraries = checked.libraries.join(', ')
    print(say('In them is what they use of {libraries}', { libraries }))
  }
  const of = { templates: imported.length, files: Object.keys(files).length }
  const counts = say('{templates} templates as {files} files in {folder}', {
    ...of,
    folder: join(templates, scope),
  })
  print(dryRun ? say('Would import {counts}', { counts }) : say('Imported {counts}', { counts }))
}

function withoutFiles(files: TemplateFiles, paths: readonly string[]): TemplateFiles {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)))
}

function setting(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (key !== undefined && value !== undefined) return { ...before, [key]: value }
  throw new InvalidArgumentError(
    say('is not a key and a value: app/service-desk$reply=help@acme.example'),
  )
}
