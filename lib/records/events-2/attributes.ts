import type { Interest } from '../../events/interest.ts'
import { attributesOf } from '../../events/predicate.ts'
import type { Event2, Plain } from './codec.ts'

/** The record that an event is about: its id becomes `docId`. */
const record = 'record?id'

/** What the notifications read, by the names under which they do, of all types and of some. */
const titles = { title: 'record?disp', typeTitle: 'typeDef.name' }
const ofNotifications: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'record-created': titles,
  'record-deleted': titles,
  'record-changed': { ...titles, diff: 'diff.list[]{id,name:def.name,before,after}' },
  'record-status-changed': { ...titles, before: 'before?disp', after: 'after?disp' },
}

/** All that is asked of a source for one event type. */
export function wantedAttributes(type: string, { attributes, filter }: Interest): string[] {
  const all = [
    record,
    ...Object.values(ofNotifications[type] ?? {}),
    ...attributes,
    ...(filter ? attributesOf(filter) : []),
  ]
  return [...new Set(all)].sort()
}

/** What came, also by the names under which the notifications read it. */
export function namedAttributes({ type, attributes }: Event2): Plain {
  const names = Object.entries(ofNotifications[type] ?? {})
  const named = names
    .filter(([, path]) => Object.hasOwn(attributes, path))
    .map(([name, path]) => [name, attributes[path]])
  return { ...Object.fromEntries(named), ...attributes }
}
