import { Command, InvalidArgumentError, Option } from 'commander'
import { requireAccount } from '../../lib/aws/cell/account.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { helpBelow } from '../russian/help.ts'
import { below, say } from '../say.ts'
import { count } from './count.ts'
import { cellOption, jsonOption, partitionsOption } from './options.ts'
import { withOutput } from './output.ts'
import { applyTenants, showPlan } from './tenants-apply.ts'
import { carryHelp, carryTenant } from './tenants-carry.ts'
import { add, type ListOptions, list, move, remove } from './tenants-edit.ts'
import { reservedRulesOption, withRoom } from './tenants-room.ts'
import { giveUpMove, stayHelp } from './tenants-stay.ts'
import { listed, withWatch } from './watch.ts'

const tenantsHelp = `
An edit changes the file alone, keeps its comments, and is refused where the file would have a fault.
"plan" shows what "apply" would change in a cell. Functions and workers read what is applied every 30
seconds: no deployment is needed, unless the plan says so.
`

/** `tenants list|add|remove|move|carry|stay|plan|apply`. */
export function tenantsCommand(): Command {
  const tenants = new Command('tenants')
    .description('Lists, edits and applies the tenants of tenants.yml')
    .addHelpText('after', below(tenantsHelp, helpBelow.tenants))
  const plain = (name: string, description: string) =>
    tenants
      .command(name)
      .description(description)
      .addOption(
        new Option('--tenants <file>', 'the file that names the tenants')
          .env('TENANTS_FILE')
          .default('tenants.yml'),
      )
      .addOption(partitionsOption())
  const command = (name: string, description: string) =>
    plain(name, description).addOption(jsonOption())
  const edit = (name: string, description: string) =>
    command(name, description).requiredOption('--tenant <id>', "the tenant's id")

  withRoom(
    withWatch(
      withOutput(
        plain('list', 'Lists the tenants by cell, what each cell uses, and what gives out next'),
      ),
    ),
  ).action((options: ListOptions) => listed(options, async () => list(options)))
  withRoom(edit('add', 'Adds a tenant to the file'))
    .addOption(cellOption())
    .addOption(
      new Option(
        '--events <types>',
        'the event types to turn on, with commas between them, or all',
      ).argParser(parseTypes),
    )
    .option('--locale <tag>', 'the language of notifications whose subscription names none')
    .addOption(partitionOption('--partition <partition>'))
    .action(add)
  withRoom(edit('remove', 'Takes a tenant out of the file')).action(remove)
  withRoom(
    edit(
      'move',
      'Puts a tenant into another partition, or on its way to another cell, in the file',
    ),
  )
    .addOption(partitionOption('--to-partition <partition>'))
    .option('--to-cell <name>', 'the cell to move to')
    .action(move)
  edit('carry', 'Carries what a cell knows of a moving tenant to the other cell')
    .requiredOption('--from-payload-bucket <name>', 'the bucket of payloads of the old cell')
    .requiredOption('--to-payload-bucket <name>', 'the bucket of payloads of the new cell')
    .option('--to-region <region>', 'the region of the new cell, if it is another one')
    .addOption(
      new Option('--wait-minutes <count>', 'how long to wait for the old cell')
        .argParser(count)
        .default(15),
    )
    .addHelpText('after', below(carryHelp, helpBelow.tenantsCarry))
    .hook('preAction', requireAccount)
    .action(carryTenant)
  edit('stay', 'Gives up the move of a tenant to another cell')
    .option('--to-region <region>', 'the region of the other cell, if it is another one')
    .addHelpText('after', below(stayHelp, helpBelow.tenantsStay))
    .hook('preAction', requireAccount)
    .action(giveUpMove)
  withRoom(command('plan', 'Shows what apply would change in a cell; changes nothing'))
    .addOption(cellOption())
    .hook('preAction', requireAccount)
    .action(showPlan)
  command('apply', "Checks the file whole, and makes its tenants the cell's")
    .addOption(cellOption())
    .addOption(reservedRulesOption())
    .option('--yes', 'do not ask')
    .hook('preAction', requireAccount)
    .action(applyTenants)
  return tenants
}

function partitionOption(flags: string): Option {
  return new Option(
    flags,
    'its number, "own" for one of its own, or "hash" for the usual one',
  ).argParser((text) => {
    if (text === 'own' || text === 'hash') return text
    if (/^\d{1,3}$/.test(text)) return Number(text)
    throw new InvalidArgumentError(say('It is a number, own or hash.'))
  })
}

/** Whether the types exist is for the file's own check to say. */
function parseTypes(text: string): string[] {
  return text === 'all' ? [...eventTypes] : text.split(',').map((type) => type.trim())
}
