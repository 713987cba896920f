import type { z } from 'zod'
import { recordEvent, taskEvent } from './schemas.ts'

/**
 * Every event type that the bridge carries. `notifies` says that a handler (functions/on-<type>.ts)
 * turns it into notifications; a type without one is carried for the tenants' own functions.
 */
export const catalogue = {
  'task.create': { schema: taskEvent, notifies: true },
  'task.assign': { schema: taskEvent, notifies: true },
  'task.complete': { schema: taskEvent, notifies: true },
  'task.delete': { schema: taskEvent, notifies: true },
  'record.create': { schema: recordEvent, notifies: false },
  'record.update': { schema: recordEvent, notifies: false },
} as const

export type EventType = keyof typeof catalogue

/** What `data` of an event of the type holds. */
export type EventData<Type extends EventType> = z.infer<(typeof catalogue)[Type]['schema']>

export const eventTypes = Object.keys(catalogue) as EventType[]

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(catalogue, type)
}

/** The types that a handler turns into notifications. */
export type NotifyingType = {
  [Type in EventType]: (typeof catalogue)[Type]['notifies'] extends true ? Type : never
}[EventType]

export const notifyingTypes = eventTypes.filter(
  (type): type is NotifyingType => catalogue[type].notifies,
)
