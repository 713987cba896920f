import { Command } from 'commander'
import { say } from '../say.ts'
import { recordOf, type TableOptions, tableOptions } from './notifications-options.ts'
import { printResult } from './output.ts'
import { repairsOf } from './repair-ports.ts'

/** `notifications cancel`. */
export function cancelCommand(): Command {
  return tableOptions(new Command('cancel'))
    .description('Cancels a notification in WAIT_FOR_DISPATCH: it is not sent')
    .requiredOption('--id <id>', "the notification's id; its first 6 characters do")
    .action(async (options: TableOptions & { id: string }) => {
      const record = await recordOf(options)
      const { cell, table } = options
      await repairsOf({ cell, notificationsTable: table }).cancel(record)
      printResult(options, { cancelled: record.notificationId }, () => say('Cancelled'))
    })
}
