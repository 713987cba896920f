import { Command } from 'commander'
import { cancelCommand } from './notifications-cancel.ts'
import { listCommand } from './notifications-list.ts'
import { recordOf, type TableOptions, tableOptions } from './notifications-options.ts'
import { resendCommand } from './notifications-resend.ts'
import { sendTestCommand } from './notifications-send-test.ts'
import { printResult } from './output.ts'

/** `notifications list|show|resend|cancel|send-test`. */
export function notificationsCommand(): Command {
  return new Command('notifications')
    .description(
      'Shows notifications and their deliveries, resends and cancels them (AWS_* variables)',
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(resendCommand())
    .addCommand(cancelCommand())
    .addCommand(sendTestCommand())
}

function showCommand(): Command {
  return tableOptions(new Command('show'))
    .description('Shows one notification with all of its deliveries')
    .requiredOption('--id <id>', "the notification's id; its first 6 characters do")
    .action(async (options: TableOptions & { id: string }) => {
      // A person's address is not shown.
      const { address: _, members, ...record } = await recordOf(options)
      const shown = { ...record, ...(members && { members: members.length }) }
      printResult(options, shown, () => JSON.stringify(shown, undefined, 2))
    })
}
