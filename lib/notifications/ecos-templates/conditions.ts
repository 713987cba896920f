import type { Expression } from '../freemarker/expression.ts'
import { useOf } from './built-in-value.ts'
import { type Condition, compare, join, not, test } from './condition.ts'
import { filtered, plain } from './liquid.ts'
import type { Translating } from './translating.ts'

/** An expression as a condition of Liquid. */
export function conditionOf(expression: Expression, t: Translating): Condition {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return join(expression.kind, [t.condition(expression.left), t.condition(expression.right)])
    case 'not':
      return not(t.condition(expression.of))
    case 'exists':
      return existence(expression.of, 'nil', t)
    case 'comparison': {
      const { left, operator, right } = expression
      return compare(t.atom(t.value(left)), operator, t.atom(t.value(right)))
    }
    case 'name':
      // FreeMarker 2.2's name of `?has_next`.
      if (t.scope.loop !== undefined && expression.name === `${t.scope.loop}_has_next`) {
        return compare('forloop.last', '==', 'false')
      }
      return test(t.atom(t.value(expression)))
    default:
      return testedBuiltIn(expression, t) ?? test(t.atom(t.value(expression)))
  }
}

/** @param nothing what the value is not: `nil`, or `blank`, which an empty text and list are too */
function existence(of: Expression, nothing: 'nil' | 'blank', t: Translating): Condition {
  const value = t.value(of)
  // To Liquid, false is blank.
  return compare(t.atom(value), '!=', value.type === 'boolean' ? 'nil' : nothing)
}

/** The built-ins that are conditions. */
function testedBuiltIn(expression: Expression, t: Translating): Condition | undefined {
  const use = useOf(expression)
  if (use === undefined) return undefined
  const { of, name, values } = use
  const [first] = values
  const isOfLoop = of.kind === 'name' && of.name === t.scope.loop
  if (name === 'has_content') return existence(of, 'blank', t)
  if (name === 'exists') return existence(of, 'nil', t)
  if (name === 'has_next' && isOfLoop) return compare('forloop.last', '==', 'false')
  if (first === undefined) return undefined
  if (name === 'contains' || name === 'seq_contains') {
    return test(`${t.atom(t.value(of))} contains ${t.atom(t.value(first))}`)
  }
  const length = first.kind === 'text' ? first.value.length : undefined
  if (length === undefined || !['starts_with', 'ends_with'].includes(name)) return undefined
  const slice = name === 'starts_with' ? `slice: 0, ${length}` : `slice: -${length}, ${length}`
  const end = t.atom(filtered(plain(t.atom(t.value(of))), [slice], 'text'))
  return compare(end, '==', t.atom(t.value(first)))
}
