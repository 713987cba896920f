import { Command } from 'commander'
import { dlqListCommand } from './dlq-list.ts'
import { dlqPurgeCommand } from './dlq-purge.ts'
import { dlqRedriveCommand } from './dlq-redrive.ts'
import { dlqShowCommand } from './dlq-show.ts'

/** `dlq list|show|redrive|purge`: the dead-letter queues and the quarantine. */
export function dlqCommand(): Command {
  return new Command('dlq')
    .description(
      'Messages that could not be handled, delivered or bridged, and their way back (AWS_* variables)',
    )
    .addCommand(dlqListCommand())
    .addCommand(dlqShowCommand())
    .addCommand(dlqRedriveCommand())
    .addCommand(dlqPurgeCommand())
}
