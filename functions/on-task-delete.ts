import { taskEvent } from '../lib/events/schemas.ts'
import { pooledUsersAndAssignee } from '../lib/notifications/recipients.ts'
import { taskInstance } from '../lib/notifications/subjects.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A task was deleted. Its assignee and its pool are told. */
export const handler = notifyingFunction({
  type: 'task.delete',
  schema: taskEvent,
  recipients: pooledUsersAndAssignee,
  subject: taskInstance,
  closes: true,
})
