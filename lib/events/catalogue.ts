import type * as z from 'zod'
import {
  commentEvent,
  recordChangedEvent,
  recordEvent,
  recordLifeEvent,
  recordStatusChangedEvent,
  taskCompleteEvent,
  taskCreateEvent,
  taskEvent,
} from './schemas.ts'

/**
 * All event types with the schemas of their `data`. Each has a handler, functions/on-<type>.ts, and
 * built-in templates in Russian and English.
 */
export const catalogue = {
  'task.create': { schema: taskCreateEvent },
  'task.assign': { schema: taskEvent },
  'task.complete': { schema: taskCompleteEvent },
  'task.delete': { schema: taskEvent },
  'comment.added': { schema: commentEvent },
  'record.create': { schema: recordEvent },
  'record.update': { schema: recordEvent },
  'record-created': { schema: recordLifeEvent },
  'record-changed': { schema: recordChangedEvent },
  'record-deleted': { schema: recordLifeEvent },
  'record-status-changed': { schema: recordStatusChangedEvent },
} as const

export type EventType = keyof typeof catalogue

/** The `data` of an event of the type. */
export type EventData<Type extends EventType> = z.infer<(typeof catalogue)[Type]['schema']>

export const eventTypes = Object.keys(catalogue) as EventType[]

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(catalogue, type)
}

/** The example in the type's schema, parsed. */
export function sampleData(type: EventType): object {
  const { schema } = catalogue[type]
  const examples = schema.meta()?.['examples'] as readonly object[]
  return schema.parse({ ...examples[0], type })
}
