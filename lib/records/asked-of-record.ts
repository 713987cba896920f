import { catalogue, type EventType } from '../events/catalogue.ts'
import { attributesOf } from '../events/predicate.ts'
import type { Action } from '../notifications/subscriptions/subscriptions.ts'

/** The paths that an action looks up in an event: of its condition, and of what its template gets. */
export function pathsOf({ condition, customData = {} }: Action): string[] {
  return [...(condition ? attributesOf(condition) : []), ...Object.values(customData)]
}

/**
 * The record's attribute that a path in the data of an event asks for; undefined for a field that an
 * event of the type has of itself. lib/events/attribute.ts finds it there again.
 */
export function attributeAskedFor(path: string, type: EventType): string | undefined {
  const [first = '', second] = path.split('.')
  if (first === 'attributes') return second
  return Object.hasOwn(catalogue[type].schema.shape, first) ? undefined : path
}
