import { taskEvent } from '../lib/events/schemas.ts'
import { assignee, soleAssignee } from '../lib/notifications/recipients.ts'
import { taskInstance } from '../lib/notifications/subjects.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A task was assigned to one person, who is told. */
export const handler = notifyingFunction({
  type: 'task.assign',
  schema: taskEvent,
  recipients: soleAssignee,
  subject: taskInstance,
  reminds: assignee,
})
