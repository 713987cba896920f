import { taskEvent } from '../lib/events/schemas.ts'
import { notifyingFunction } from '../lib/notifications/function.ts'
import { pooledUsers } from '../lib/notifications/recipients.ts'
import { taskCreate } from '../lib/notifications/templates/task-create.ts'

/** A task came to a pool: everyone who may take it is told. */
export const handler = notifyingFunction({
  type: 'task.create',
  schema: taskEvent,
  recipients: pooledUsers,
  template: taskCreate,
})
