import { taskEvent } from '../lib/events/schemas.ts'
import { pooledUsersAndAssignee } from '../lib/notifications/recipients.ts'
import { taskComplete } from '../lib/notifications/templates/task-complete.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A task was completed: everyone who had it before them is told. */
export const handler = notifyingFunction({
  type: 'task.complete',
  schema: taskEvent,
  recipients: pooledUsersAndAssignee,
  template: taskComplete,
})
