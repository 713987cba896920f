import { Command } from 'commander'
import { messageOf } from '../lib/errors.ts'
import { addMigrate } from './commands/migrate.ts'

const program = new Command('ecos-eventbridge').description(
  'Carries the events of ECOS from RabbitMQ into AWS EventBridge',
)
addMigrate(program)

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
