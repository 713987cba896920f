import { attributeAt } from './attribute.ts'
import { ExactNumber } from './exact-number.ts'
import type { Predicate } from './predicate.ts'
import { containsText, equals, isEmpty, isOrdered } from './predicate-values.ts'

/**
 * Evaluates a condition on an event's data. Never throws. On a list, `eq`, `in` and the orders match if
 * they match one of its elements, and `contains` if one element equals the value. An object, such as a
 * text in several languages, counts as the list of its texts. A missing value matches `empty` only.
 */
export function matches(predicate: Predicate, data: unknown): boolean {
  return matchesWith(predicate, (path) => attributeAt(data, path))
}

/** As `matches`, with a function that finds the attributes. */
export function matchesWith(predicate: Predicate, attribute: (path: string) => unknown): boolean {
  switch (predicate.t) {
    case 'and':
      return predicate.val.every((part) => matchesWith(part, attribute))
    case 'or':
      return predicate.val.some((part) => matchesWith(part, attribute))
    case 'not':
      return !matchesWith(predicate.val, attribute)
    default:
      return matchesValue(predicate, attribute(predicate.att))
  }
}

type AttributePredicate = Exclude<Predicate, { t: 'and' | 'or' | 'not' }>

function matchesValue(predicate: AttributePredicate, value: unknown): boolean {
  if (predicate.t === 'empty') return isEmpty(value)
  const singles = singleValues(value)
  switch (predicate.t) {
    case 'eq':
      return singles.some((single) => equals(single, predicate.val))
    case 'in':
      return singles.some((single) => predicate.val.some((wanted) => equals(single, wanted)))
    case 'contains': {
      const test = Array.isArray(value) ? equals : containsText
      return singles.some((single) => test(single, predicate.val))
    }
    default:
      return singles.some((single) => isOrdered(single, predicate.t, predicate.val))
  }
}

function singleValues(value: unknown): unknown[] {
  const elements = Array.isArray(value) ? value : [value]
  return elements.flatMap((element) =>
    typeof element === 'object' && element !== null && !(element instanceof ExactNumber)
      ? Object.values(element).filter((text) => typeof text === 'string')
      : [element],
  )
}
