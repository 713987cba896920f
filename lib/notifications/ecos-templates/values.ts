import type { Expression } from '../freemarker/expression.ts'
import { Untranslatable } from '../freemarker/source.ts'
import { beanValue } from './beans.ts'
import { builtInValue, useOf } from './built-in-value.ts'
import { decoded } from './chunks.ts'
import { commonType, filtered, member, plain, quoted, type Value, written } from './liquid.ts'
import { namespaceOf, resolve } from './scope.ts'
import { shown } from './shown.ts'
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
      if (expression.index.kind === 'range') {
        throw new Untranslatable(at, 'a part of a list or text has no counterpart in Liquid')
      }
      const index = t.atom(t.value(expression.index))
      const of = t.value(expression.of)
      return plain(`${t.atom(of)}[${index}]`, of.type)
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
    case 'range':
      return rangeValue(expression, t)
    case 'sequence':
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
  const given = t.value(of)
  // An empty sequence is what Liquid makes of nothing anyway.
  if (otherwise?.kind === 'sequence' && otherwise.items.length === 0) return given
  const other = otherwise === undefined ? plain('""') : t.value(otherwise)
  const keepsFalse = given.type === 'boolean' || other.type === 'boolean'
  const options = keepsFalse ? ', allow_false: true' : ''
  // Where a date may be a text too, each is written before.
  const isText = isDate(given) && other.base !== '""' && !isDate(other)
  const value = isText ? shown(given) : given
  const type = isText ? 'text' : commonType(value, other)
  return {
    ...filtered(value, [`default: ${t.atom(other)}${options}`], type),
    ...(value.isKnown !== undefined && { isKnown: value.isKnown }),
  }
}

function isDate({ type }: Value): boolean {
  return type === 'date' || type === 'time' || type === 'datetime'
}

/** `a..b`, which counts down where `b` is less. */
function rangeValue({ from, to }: Extract<Expression, { kind: 'range' }>, t: Translating): Value {
  const [first, last] = [t.atom(t.value(from)), t.atom(t.value(to))]
  if (from.kind === 'number' && to.kind === 'number' && from.value <= to.value) {
    return plain(`(${first}..${last})`, 'number')
  }
  const range = t.variable(
    (name) =>
      `{% if ${first} > ${last} %}{% assign ${name} = (${last}..${first}) | reverse %}{% else %}{% assign ${name} = (${first}..${last}) %}{% endif %}`,
  )
  return plain(range, 'number')
}

const operators = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'divided_by' } as const

/** FreeMarker cuts fractions off, and gives the remainder the sign of the first number. */
function remainder(left: Value, right: Expression, t: Translating): Value {
  if (right.kind !== 'number' || !Number.isInteger(right.value) || right.value === 0) {
    throw new Untranslatable(right.at, '% is supported with a whole number behind it alone')
  }
  const number = t.atom(left)
  const rest = written(filtered(plain(number), ['abs', 'floor', `modulo: ${right.value}`]))
  return plain(
    t.variable(
      (name) =>
        `{% assign ${name} = ${rest} %}{% if ${number} < 0 %}{% assign ${name} = 0 | minus: ${name} %}{% endif %}`,
    ),
    'number',
  )
}

function arithmeticValue(
  expression: Extract<Expression, { kind: 'arithmetic' }>,
  t: Translating,
): Value {
  const { operator, at } = expression
  const [left, right] = [t.value(expression.left), t.value(expression.right)]
  const areNumbers = left.type === 'number' && right.type === 'number'
  if (operator === '%') return remainder(left, expression.right, t)
  if (operator !== '+' || areNumbers) {
    return filtered(left, [`${operators[operator]}: ${t.atom(right)}`], 'number')
  }
  if (left.type === 'text' || right.type === 'text' || isDate(left) || isDate(right)) {
    return joined([left, right], t)
  }
  throw new Untranslatable(at, '+ of values of which none is known to be a text or both a number')
}

function joined(parts: readonly Value[], t: Translating): Value {
  const [first = plain('""'), ...others] = parts.map(shown)
  return filtered(
    first,
    others.map((part) => `append: ${t.atom(part)}`),
    'text',
  )
}
