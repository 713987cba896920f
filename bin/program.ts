import { Command } from 'commander'
import { requireAccount } from '../lib/aws/cell/account.ts'
import { attributesCommand } from './commands/attributes.ts'
import { bridgeCommand } from './commands/bridge.ts'
import { consoleCommand } from './commands/console.ts'
import { dlqCommand } from './commands/dlq.ts'
import { doctorCommand } from './commands/doctor.ts'
import { migrateCommand } from './commands/migrate.ts'
import { notificationsCommand } from './commands/notifications.ts'
import { replayCommand } from './commands/replay.ts'
import { subscriptionsCommand } from './commands/subscriptions.ts'
import { templatesCommand } from './commands/templates.ts'

/** The command `ecos-eventbridge` with all its subcommands. */
export function createProgram(): Command {
  const program = new Command('ecos-eventbridge').description(
    'Carries the events of ECOS from RabbitMQ into AWS EventBridge',
  )
  const onAccount = [
    attributesCommand(),
    consoleCommand(),
    dlqCommand(),
    notificationsCommand(),
    replayCommand(),
    subscriptionsCommand(),
  ]
  for (const command of onAccount) program.addCommand(command.hook('preAction', requireAccount))
  // These work without an account in part, or report by themselves what is missing.
  for (const command of [bridgeCommand(), doctorCommand(), migrateCommand(), templatesCommand()]) {
    program.addCommand(command)
  }
  return program
}
