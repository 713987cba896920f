import { Command } from 'commander'
import { requireAccount } from '../lib/aws/cell/account.ts'
import { messageOf } from '../lib/errors.ts'
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
// These can do something without an account, or say themselves what they miss.
for (const command of [bridgeCommand(), doctorCommand(), migrateCommand(), templatesCommand()]) {
  program.addCommand(command)
}

// Who reads may have seen enough, as in `dlq show | head`; what is under way is done to its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
