import { createRequire } from 'node:module'
import { Command } from 'commander'
import { requireAccount } from '../lib/aws/cell/account.ts'
import { exitCode } from './exit-code.ts'
import { programName, showExamples, speakHelp } from './help.ts'
import { say } from './say.ts'

type Loaders = Readonly<Record<string, () => Promise<Command>>>

const onAccount: Loaders = {
  attributes: async () => (await import('./commands/attributes.ts')).attributesCommand(),
  audit: async () => (await import('./commands/audit.ts')).auditCommand(),
  console: async () => (await import('./commands/console.ts')).consoleCommand(),
  dlq: async () => (await import('./commands/dlq.ts')).dlqCommand(),
  notifications: async () => (await import('./commands/notifications.ts')).notificationsCommand(),
  people: async () => (await import('./commands/people.ts')).peopleCommand(),
  replay: async () => (await import('./commands/replay.ts')).replayCommand(),
  subscriptions: async () => (await import('./commands/subscriptions.ts')).subscriptionsCommand(),
  tail: async () => (await import('./commands/tail.ts')).tailCommand(),
}

/** These work without an account in part, or report by themselves what is missing. */
const others: Loaders = {
  bridge: async () => (await import('./commands/bridge.ts')).bridgeCommand(),
  completion: async () => (await import('./commands/completion.ts')).completionCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand(),
  permissions: async () => (await import('./commands/permissions.ts')).permissionsCommand(),
  templates: async () => (await import('./commands/templates.ts')).templatesCommand(),
  tenants: async () => (await import('./commands/tenants.ts')).tenantsCommand(),
}

/**
 * The command `ecos-eventbridge` with its subcommands.
 *
 * @param name of the only subcommand that is called, which alone is loaded then: the others' packages take longer to
 *   load than most commands to run
 */
export async function createProgram(name?: string): Promise<Command> {
  const { version } = createRequire(import.meta.url)('ecos-eventbridge/package.json')
  const program = new Command(programName)
    .description('Carries the events of ECOS from RabbitMQ into AWS EventBridge')
    .version(version, '-V, --version', 'print the version')
  for (const command of await load(onAccount, name)) {
    program.addCommand(command.hook('preAction', requireAccount))
  }
  for (const command of await load(others, name)) program.addCommand(command)
  for (const command of commandsOf(program)) {
    refuseWrongUse(command)
    speakHelp(command)
    showExamples(command)
  }
  const codes = 'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 found something that needs a hand.'
  return program.addHelpText('after', `\n${say(codes)}`)
}

/** The command of this name; all if there is none, or if it is about all. */
function load(loaders: Loaders, name?: string): Promise<Command[]> {
  const isKnown = name !== undefined && Object.hasOwn({ ...onAccount, ...others }, name)
  const chosen = Object.entries(loaders).filter(
    ([one]) => !isKnown || name === 'completion' || one === name,
  )
  return Promise.all(chosen.map(([, loadOne]) => loadOne()))
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
