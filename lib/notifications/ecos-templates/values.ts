import type { Expression } from '../freemarker/expression.ts'
import { Untranslatable } from '../freemarker/source.ts'
import { beanValue } from './beans.ts'
import { builtInValue, useOf } from './built-in-value.ts'
import { decoded } from './chunks.ts'
import { filtered, member, plain, quoted, type Value } from './liquid.ts'
import { namespaceOf, resolve } from './scope.ts'
import type { Translating } from './translating.ts'

/** An expression as a value of Liquid. */
export function valueIn(expression: Expression, t: Translating): Value {
  const { at } = expression
  const use = useOf(expression)
  if (use !== undefined) return builtInValue(use, at, t)
  switch (expression.kind) {
    case 'text':
      return plain(literal(expression.value, at), 'text')
    case 'number':
      return plain(String(expression.value), 'number')
    case 'boolean':
      return plain(String(expression.value), 'boolean')
    case 'name':
      return resolve(expression.name, at, t)
    case 'member':
      return memberValue(expression, t)
    case 'index': {
      const index = t.atom(t.value(expression.index))
      return plain(`${t.atom(t.value(expression.of))}[${index}]`)
    }
    case 'call':
      return beanValue(expression, t)
    case 'default':
      return defaultValue(expression, t)
    case 'arithmetic':
      return arithmeticValue(expression, t)
    case 'joined':
      return joined(
        expression.parts.map((part) => t.value(part)),
        t,
      )
    case 'sequence':
    case 'range':
    case 'built-in':
      throw new Untranslatable(at, 'a sequence has no counterpart in Liquid')
    default: {
      const condition = t.row(t.condition(expression))
      return plain(
        t.variable((name) => `{% assign ${name} = ${condition} %}`),
        'boolean',
      )
    }
  }
}

/** Liquid would escape markup in a value, and HTML's character references: `x!"&mdash;"`. */
function literal(text: string, at: Expression['at']): string {
  if (!/<\/?[a-z]/i.test(text)) return quoted(decoded(text))
  throw new Untranslatable(at, 'markup in a quoted text would be shown as text: write it outside')
}

function memberValue(expression: Extract<Expression, { kind: 'member' }>, t: Translating): Value {
  const { of, name, at } = expression
  const namespace = namespaceOf(of, t.scope)
  if (namespace !== undefined) {
    return resolve(name, at, { ...t, scope: { ...t.scope, namespace, locals: new Map() } })
  }
  return plain(member(t.atom(t.value(of)), name))
}

function defaultValue(expression: Extract<Expression, { kind: 'default' }>, t: Translating): Value {
  const { of, otherwise } = expression
  const value = t.value(of)
  // An empty sequence is what Liquid makes of nothing anyway.
  if (otherwise?.kind === 'sequence' && otherwise.items.length === 0) return value
  const other = otherwise === undefined ? plain('""') : t.value(otherwise)
  const keepsFalse = value.type === 'boolean' || other.type === 'boolean'
  const options = keepsFalse ? ', allow_false: true' : ''
  const type = value.type ?? other.type
  return {
    ...filtered(value, [`default: ${t.atom(other)}${options}`], type),
    ...(value.isKnown !== undefined && { isKnown: value.isKnown }),
  }
}

const operators = {
  ...{ '+': 'plus', '-': 'minus', '*': 'times', '/': 'divided_by', '%': 'modulo' },
} as const

function arithmeticValue(
  expression: Extract<Expression, { kind: 'arithmetic' }>,
  t: Translating,
): Value {
  const { operator, at } = expression
  const [left, right] = [t.value(expression.left), t.value(expression.right)]
  const areNumbers = left.type === 'number' && right.type === 'number'
  if (operator !== '+' || areNumbers) {
    return filtered(left, [`${operators[operator]}: ${t.atom(right)}`], 'number')
  }
  if (left.type === 'text' || right.type === 'text') return joined([left, right], t)
  throw new Untranslatable(at, '+ of values of which none is known to be a text or both a number')
}

function joined(parts: readonly Value[], t: Translating): Value {
  const [first = plain('""'), ...others] = parts
  return filtered(
    first,
    others.map((part) => `append: ${t.atom(part)}`),
    'text',
  )
}
