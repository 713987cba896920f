/** Schemas of `data`. The catalogue maps event types to them. */
export { type CommentEvent, commentEvent } from './schemas/comment.ts'
export { type RecordEvent, recordEvent } from './schemas/record.ts'
export {
  type EventSource,
  type RecordChangedEvent,
  type RecordLifeEvent,
  type RecordStatusChangedEvent,
  recordChangedEvent,
  recordLifeEvent,
  recordStatusChangedEvent,
} from './schemas/record-2.ts'
export { type TaskEvent, taskCompleteEvent, taskCreateEvent, taskEvent } from './schemas/task.ts'
