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
  switch (predicate.t) {
    case 'and':
      return predicate.val.every((one) => matches(one, data))
    case 'or':
      return predicate.val.some((one) => matches(one, data))
    case 'not':
      return !matches(predicate.val, data)
    default:
      return holdsFor(predicate, attributeAt(data, predicate.att))
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
