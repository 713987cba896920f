import { createRequire } from 'node:module'
import { Command, Help } from 'commander'
import { requireAccount } from '../lib/aws/cell/account.ts'
import { ownValue } from '../lib/own-value.ts'
import { attributesCommand } from './commands/attributes.ts'
import { bridgeCommand } from './commands/bridge.ts'
import { completionCommand } from './commands/completion.ts'
import { consoleCommand } from './commands/console.ts'
import { dlqCommand } from './commands/dlq.ts'
import { doctorCommand } from './commands/doctor.ts'
import { migrateCommand } from './commands/migrate.ts'
import { notificationsCommand } from './commands/notifications.ts'
import { peopleCommand } from './commands/people.ts'
import { permissionsCommand } from './commands/permissions.ts'
import { replayCommand } from './commands/replay.ts'
import { subscriptionsCommand } from './commands/subscriptions.ts'
import { tailCommand } from './commands/tail.ts'
import { templatesCommand } from './commands/templates.ts'
import { tenantsCommand } from './commands/tenants.ts'
import { examples } from './examples.ts'
import { exitCode, exitCodeHelp } from './exit-code.ts'

const programName = 'ecos-eventbridge'

/** The command `ecos-eventbridge` with all its subcommands. */
export function createProgram(): Command {
  const { version } = createRequire(import.meta.url)('ecos-eventbridge/package.json')
  const program = new Command(programName)
    .description('Carries the events of ECOS from RabbitMQ into AWS EventBridge')
    .version(version, '-V, --version', 'print the version')
  const onAccount = [
    attributesCommand(),
    consoleCommand(),
    dlqCommand(),
    notificationsCommand(),
    peopleCommand(),
    replayCommand(),
    subscriptionsCommand(),
    tailCommand(),
  ]
  for (const command of onAccount) program.addCommand(command.hook('preAction', requireAccount))
  // These work without an account in part, or report by themselves what is missing.
  const others = [
    bridgeCommand(),
    completionCommand(),
    doctorCommand(),
    migrateCommand(),
    permissionsCommand(),
    templatesCommand(),
    tenantsCommand(),
  ]
  for (const command of others) {
    program.addCommand(command)
  }
  for (const command of commandsOf(program)) {
    refuseWrongUse(command)
    sayWhatIsRequired(command)
    showExamples(command)
  }
  return program.addHelpText('after', `\n${exitCodeHelp}`)
}

/** A command and all commands below it. */
export function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)]
}

/** A command line that does not parse ends with 2, so that scripts can tell it from a failure. */
function refuseWrongUse(command: Command): void {
  command.exitOverride((end) => process.exit(end.exitCode === 0 ? exitCode.done : exitCode.usage))
  if (command.commands.length === 0) return
  // Without this, commander prints the help for `brigde --help` and ends with 0.
  command.addHelpText('before', ({ error }) => {
    const [first] = command.args
    if (!error && first !== undefined && /^\w/.test(first) && first !== 'help') {
      unknownCommand(command)
    }
    return ''
  })
}

/** Commander's help does not tell options that a command needs from those that it takes. */
function sayWhatIsRequired(command: Command): void {
  const { optionDescription } = Help.prototype
  command.configureHelp({
    optionDescription: (option) =>
      `${optionDescription.call(new Help(), option)}${option.mandatory ? ' (required)' : ''}`,
  })
}

function showExamples(command: Command): void {
  const own = ownExamples(command).map((example) => `  ${programName} ${example}`)
  if (own.length === 0) return
  command.addHelpText('after', `\n${own.length > 1 ? 'Examples' : 'Example'}:\n${own.join('\n')}`)
}

/** How the command is typically called, without the program's name. */
export function ownExamples(command: Command): readonly string[] {
  return ownValue(examples, pathOf(command)) ?? []
}

/** `dlq list`; empty for the program itself. */
export function pathOf(command: Command): string {
  const path = command.parent ? pathOf(command.parent) : ''
  return command.parent ? `${path} ${command.name()}`.trim() : path
}

/** Ends with commander's own error, which suggests the command that was meant. */
function unknownCommand(command: Command): never {
  return (command as Command & { unknownCommand(): never }).unknownCommand()
}
