import type { Interest } from '../../events/interest.ts'
import { attributesOf } from '../../events/predicate.ts'
import { ownValue } from '../../own-value.ts'
import type { Event2, Plain } from './codec.ts'

/** The id of the event's record, which becomes `docId`. */
const recordId = 'record?id'

/** The attributes that the built-in templates read: path by short name, by event type. */
const titles = { title: 'record?disp', typeTitle: 'typeDef.name' }
const templateAttributes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'record-created': titles,
  'record-deleted': titles,
  'record-changed': { ...titles, diff: 'diff.list[]{id,name:def.name,before,after}' },
  'record-status-changed': { ...titles, before: 'before?disp', after: 'after?disp' },
}

/** Every attribute to request from the sources of one event type. */
export function wantedAttributes(type: string, { attributes, filter }: Interest): string[] {
  const paths = [
    recordId,
    ...Object.values(templateAttributes[type] ?? {}),
    ...attributes,
    ...(filter ? attributesOf(filter) : []),
  ]
  return [...new Set(paths)].sort()
}

/** The event's attributes, also under the short names that templates use. */
export function namedAttributes({ type, attributes }: Event2): Plain {
  const names = Object.entries(templateAttributes[type] ?? {})
  const named = names
    .filter(([, path]) => Object.hasOwn(attributes, path))
    .map(([name, path]) => [name, ownValue(attributes, path)])
  return { ...Object.fromEntries(named), ...attributes }
}
