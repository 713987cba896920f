import { attributeAt } from './attribute.ts'
import type { Predicate } from './predicate.ts'
import { containsText, equals, isEmpty, ordered } from './predicate-values.ts'

/**
 * Whether a condition holds for an event's data. Never throws. On a list, `eq`, `in` and the orders
 * hold if they hold for one of its elements; `contains` if one equals the value. An object, such as a
 * text in several languages, is to them as the list of its texts. Of what is missing, only `empty`
 * holds.
 */
export function matches(predicate: Predicate, data: unknown): boolean {
  return matchesWith(predicate, (path) => attributeAt(data, path))
}

/** The same, for attributes that are found in another way. */
export function matchesWith(predicate: Predicate, attribute: (path: string) => unknown): boolean {
  switch (predicate.t) {
    case 'and':
      return predicate.val.every((one) => matchesWith(one, attribute))
    case 'or':
      return predicate.val.some((one) => matchesWith(one, attribute))
    case 'not':
      return !matchesWith(predicate.val, attribute)
    default:
      return holdsFor(predicate, attribute(predicate.att))
  }
}

type AttributePredicate = Exclude<Predicate, { t: 'and' | 'or' | 'not' }>

function holdsFor(predicate: AttributePredicate, value: unknown): boolean {
  if (predicate.t === 'empty') return isEmpty(value)
  const singles = singleValues(value)
  switch (predicate.t) {
    case 'eq':
      return singles.some((one) => equals(one, predicate.val))
    case 'in':
      return singles.some((one) => predicate.val.some((wanted) => equals(one, wanted)))
    case 'contains': {
      const holds = Array.isArray(value) ? equals : containsText
      return singles.some((one) => holds(one, predicate.val))
    }
    default:
      return singles.some((one) => ordered(one, predicate.t, predicate.val))
  }
}

function singleValues(value: unknown): unknown[] {
  const elements = Array.isArray(value) ? value : [value]
  return elements.flatMap((one) =>
    typeof one === 'object' && one !== null
      ? Object.values(one).filter((text) => typeof text === 'string')
      : [one],
  )
}
