import { createRequire } from 'node:module'
import { Command } from 'commander'
import { requireAccount } from '../lib/aws/cell/account.ts'
import { attributesCommand } from './commands/attributes.ts'
import { auditCommand } from './commands/audit.ts'
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
import { exitCode } from './exit-code.ts'
import { programName, showExamples, speakHelp } from './help.ts'
import { say } from './say.ts'

/** The command `ecos-eventbridge` with all its subcommands. */
export function createProgram(): Command {
  const { version } = createRequire(import.meta.url)('ecos-eventbridge/package.json')
  const program = new Command(programName)
    .description('Carries the events of ECOS from RabbitMQ into AWS EventBridge')
    .version(version, '-V, --version', 'print the version')
  const onAccount = [
    attributesCommand(),
    auditCommand(),
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
    speakHelp(command)
    showExamples(command)
  }
  const codes = 'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 found something that needs a hand.'
  return program.addHelpText('after', `\n${say(codes)}`)
}

/** A command and all commands below it. */
export function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)]
}

/** A command line that does not parse ends with 2, so that scripts can tell it from a failure. */
function refuseWrongUse(command: Command): void {
  command.exitOverride((end) => process.exit(end.exitCode === 0 ? exitCode.done : exitCode.usage))
  if (command.commands.length === 0) return
  // Without this, commander prints the help for `brigde --help` and `help brigde`, and does not say why.
  command.addHelpText('before', ({ error }) => {
    const [first, ...rest] = command.args
    const words = !error ? command.args : first === 'help' ? rest : []
    if (words[0] !== undefined && /^(?!help$)\w/.test(words[0])) {
      command.args = words
      unknownCommand(command)
    }
    return ''
  })
}

/** Ends with commander's own error, which suggests the command that was meant. */
function unknownCommand(command: Command): never {
  return (command as Command & { unknownCommand(): never }).unknownCommand()
}
