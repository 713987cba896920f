import { Command } from 'commander'
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

const program = new Command('ecos-eventbridge')
  .description('Carries the events of ECOS from RabbitMQ into AWS EventBridge')
  .addCommand(attributesCommand())
  .addCommand(bridgeCommand())
  .addCommand(consoleCommand())
  .addCommand(dlqCommand())
  .addCommand(doctorCommand())
  .addCommand(migrateCommand())
  .addCommand(notificationsCommand())
  .addCommand(replayCommand())
  .addCommand(subscriptionsCommand())
  .addCommand(templatesCommand())

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
