import { isObject } from '../parse.ts'

export type Kind = 'object' | 'list' | 'text' | 'number' | 'yes-or-no' | 'null'

/** How a field of one event differs from that of another, whatever its value is. */
export type Difference =
  | { readonly field: string; readonly what: 'missing'; readonly kind: Kind }
  | { readonly field: string; readonly what: 'added'; readonly kind: Kind }
  | { readonly field: string; readonly what: 'kind'; readonly kind: Kind; readonly was: Kind }

/** Differences that are named, at most, and levels that are compared. */
const maxNamed = 100
const maxDepth = 12

/**
 * The fields of an event that differ from one that passed: those that are missing, added, or of another kind. Of
 * lists, the first elements are compared. Has no values.
 *
 * @param passed the data of the event that passed
 */
export function differencesOf(data: unknown, passed: unknown): Difference[] {
  return [...compare(data, passed, '', 0)].slice(0, maxNamed)
}

function* compare(
  data: unknown,
  passed: unknown,
  field: string,
  depth: number,
): Generator<Difference> {
  const [kind, was] = [kindOf(data), kindOf(passed)]
  if (kind !== was) {
    yield { field, what: 'kind', kind, was }
    return
  }
  if (depth >= maxDepth) return
  if (Array.isArray(data) && Array.isArray(passed)) {
    // An empty list has no element to compare.
    if (data.length === 0 || passed.length === 0) return
    yield* compare(data[0], passed[0], `${field}[]`, depth + 1)
  } else if (isObject(data) && isObject(passed)) {
    const inside = (name: string) => (field === '' ? name : `${field}.${name}`)
    for (const name of Object.keys(passed)) {
      if (Object.hasOwn(data, name)) {
        yield* compare(data[name], passed[name], inside(name), depth + 1)
      } else yield { field: inside(name), what: 'missing', kind: kindOf(passed[name]) }
    }
    for (const name of Object.keys(data)) {
      if (Object.hasOwn(passed, name)) continue
      yield { field: inside(name), what: 'added', kind: kindOf(data[name]) }
    }
  }
}

function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'list'
  switch (typeof value) {
    case 'object':
      return 'object'
    case 'number':
    case 'bigint':
      return 'number'
    case 'boolean':
      return 'yes-or-no'
    default:
      return 'text'
  }
}
