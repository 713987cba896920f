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
// These work without an account, or check for one themselves.
for (const command of [bridgeCommand(), doctorCommand(), migrateCommand(), templatesCommand()]) {
  program.addCommand(command)
}

// A reader may close the pipe, as in `dlq show | head`; work that has begun is finished.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
