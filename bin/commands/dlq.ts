import { Command } from 'commander'
import { dlqListCommand } from './dlq-list.ts'
import { dlqPurgeCommand } from './dlq-purge.ts'
import { dlqRedriveCommand } from './dlq-redrive.ts'
import { dlqShowCommand } from './dlq-show.ts'

/** `dlq list|show|redrive|purge`: what rests in the dead-letter queues and in the quarantine. */
export function dlqCommand(): Command {
  return new Command('dlq')
    .description(
      'What could not be handled, delivered or bridged, and the way back (AWS_* variables)',
    )
    .addCommand(dlqListCommand())
    .addCommand(dlqShowCommand())
    .addCommand(dlqRedriveCommand())
    .addCommand(dlqPurgeCommand())
}
