import { catalogue, type EventType } from '../events/catalogue.ts'
import { attributesOf } from '../events/predicate.ts'
import type { Action } from '../notifications/subscriptions/subscriptions.ts'

/** The paths that an action's condition and custom data look up in an event. */
export function pathsOf({ condition, customData = {} }: Action): string[] {
  return [...(condition ? attributesOf(condition) : []), ...Object.values(customData)]
}

/**
 * The record attribute that a path into an event's data requests; undefined for one of the event
 * type's own fields. lib/events/attribute.ts resolves the path in the same way.
 */
export function requestedAttribute(path: string, type: EventType): string | undefined {
  const [first = '', second] = path.split('.')
  if (first === 'attributes') return second
  return Object.hasOwn(catalogue[type].schema.shape, first) ? undefined : path
}
