import { taskCompleteEvent } from '../lib/events/schemas.ts'
import { pooledUsersAndAssignee } from '../lib/notifications/recipients.ts'
import { taskInstance } from '../lib/notifications/subjects.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A task was completed. Its assignee and its pool are told. */
export const handler = notifyingFunction({
  type: 'task.complete',
  schema: taskCompleteEvent,
  recipients: pooledUsersAndAssignee,
  subject: taskInstance,
  closes: true,
})
