import type { Log } from '../../lib/log.ts'
import type { ForgetPorts } from '../../lib/notifications/forget-reminder.ts'
import { reasonOf } from '../../lib/queue-function/fault.ts'
import { fieldsOf } from '../../lib/queue-function/message-fields.ts'

/** Logs that a reminder's content stays in the bucket until it expires. */
export function unforgotten(log: Log): NonNullable<ForgetPorts['onUnforgotten']> {
  return (reminder, error) =>
    log.warn('The content of a reminder that is over was not deleted: it stays until it expires', {
      ...fieldsOf(reminder),
      reason: reasonOf(error),
    })
}
