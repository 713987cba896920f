import { taskEvent } from '../lib/events/schemas.ts'
import { soleAssignee } from '../lib/notifications/recipients.ts'
import { taskAssign } from '../lib/notifications/templates/task-assign.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A task came to one person, who is told. */
export const handler = notifyingFunction({
  type: 'task.assign',
  schema: taskEvent,
  recipients: soleAssignee,
  template: taskAssign,
})
