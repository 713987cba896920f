import { taskCreateEvent } from '../lib/events/schemas.ts'
import { pooledUsers } from '../lib/notifications/recipients.ts'
import { taskInstance } from '../lib/notifications/subjects.ts'
import { notifyingFunction } from './shared/notifying-function.ts'

/** A task was offered to a pool. Everyone who may claim it is told. */
export const handler = notifyingFunction({
  type: 'task.create',
  schema: taskCreateEvent,
  recipients: pooledUsers,
  subject: taskInstance,
  reminds: 'recipients',
})
