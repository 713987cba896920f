import { taskEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from '../lib/notifications/function.ts'
import { pooledUsersAndAssignee } from '../lib/notifications/recipients.ts'
import { taskDelete } from '../lib/notifications/templates/task-delete.ts'

/** A task was deleted: everyone who had it before them is told. */
export const handler = notifyingFunction({
  type: 'task.delete',
  schema: taskEvent,
  recipients: pooledUsersAndAssignee,
  template: taskDelete,
})
