import type { Expression } from '../freemarker/expression.ts'
import { Untranslatable } from '../freemarker/source.ts'
import { filtersFor } from './built-ins.ts'
import { commonType, filtered, plain, quoted, type Type, type Value } from './liquid.ts'
import { dateInWords, shown } from './shown.ts'
import type { Translating } from './translating.ts'

type BuiltIn = Extract<Expression, { kind: 'built-in' }>

/** A built-in with what follows it: `?string("dd.MM.yyyy")`, `?string.short`, `?datetime.iso`. */
export interface Use {
  readonly of: Expression
  readonly name: string
  readonly values: readonly Expression[]
  /** `short` of `?string.short` */
  readonly variant?: string | undefined
}

/** @returns undefined if the expression uses none */
export function useOf(expression: Expression): Use | undefined {
  const used = (one: Expression): BuiltIn | undefined => (one.kind === 'built-in' ? one : undefined)
  switch (expression.kind) {
    case 'built-in':
      return { of: expression.of, name: expression.name, values: [] }
    case 'call': {
      const built = used(expression.of)
      return built && { of: built.of, name: built.name, values: expression.arguments }
    }
    case 'member': {
      const built = used(expression.of)
      const isDate = built && ['string', 'date', 'time', 'datetime'].includes(built.name)
      return isDate
        ? { of: built.of, name: built.name, values: [], variant: expression.name }
        : undefined
    }
    case 'index': {
      const built = used(expression.of)
      return built?.name === 'string'
        ? { of: built.of, name: built.name, values: [expression.index] }
        : undefined
    }
    default:
      return undefined
  }
}

/** Built-ins of a loop's variable. */
const ofLoop: Readonly<Record<string, Value>> = {
  index: plain('forloop.index0', 'number'),
  counter: plain('forloop.index', 'number'),
  is_first: plain('forloop.first', 'boolean'),
  is_last: plain('forloop.last', 'boolean'),
}

/** Built-ins whose result is of the kind that the value has, or the items of a list. */
const keepingType: readonly string[] = ['first', 'last', 'reverse', 'sort']

/** The value of an expression that uses a built-in. */
export function builtInValue(use: Use, at: Expression['at'], t: Translating): Value {
  const { of, name, values, variant } = use
  if (name in ofLoop && of.kind === 'name' && of.name === t.scope.loop) return ofLoop[name] as Value
  if (name === 'date' || name === 'time' || name === 'datetime') return dateValue(use, at, t)
  if (name === 'string') {
    if (values.length === 2) return choice(of, values, t)
    const written = dateText(t.value(of), use)
    if (written !== undefined) return written
    if (values.length === 1 || variant !== undefined) {
      throw new Untranslatable(at, 'formats a number, or a date without ?date, ?time or ?datetime')
    }
  }
  if (name === 'then') return choice(of, values, t)
  if (name === 'default' && values.length === 1) {
    return t.value({ kind: 'default', of, otherwise: values[0], at })
  }
  if (name === 'cap_first') return capFirst(t.value(of), t)
  if (name === 'substring') return substring(use, at, t)
  const value = t.value(of)
  if ((name === 'string' || name === 'c') && values.length === 0) return asText(value, name)
  const made = filtersFor(
    name,
    values.map((one) => t.atom(t.value(one))),
  )
  if (made === undefined) {
    throw new Untranslatable(at, '{what} has no counterpart in Liquid', { what: `?${name}` })
  }
  const start = name === 'join' ? shown(value) : value
  return filtered(
    start,
    made.filters,
    made.type ?? (keepingType.includes(name) ? value.type : undefined),
  )
}

/** A text to Liquid too, which compares a number or a boolean with no text. */
function asText(value: Value, name: 'string' | 'c'): Value {
  if (value.type === 'text') return value
  const isGrouped = name === 'string' && (value.type === 'number' || value.type === 'mixed')
  return filtered(value, [isGrouped ? 'number' : 'append: ""'], 'text')
}

/** `a?then(b, c)` */
function choice(of: Expression, [yes, no]: readonly Expression[], t: Translating): Value {
  if (yes === undefined || no === undefined) {
    throw new Untranslatable(of.at, 'needs two values to choose from')
  }
  const values = [t.value(yes), t.value(no)] as const
  const [first, second] = values.map((one) => t.atom(one))
  const condition = t.row(t.condition(of))
  return plain(
    t.variable(
      (name) =>
        `{% if ${condition} %}{% assign ${name} = ${first} %}{% else %}{% assign ${name} = ${second} %}{% endif %}`,
    ),
    commonType(...values),
  )
}

function capFirst(value: Value, t: Translating): Value {
  // FreeMarker skips white space before the first letter.
  const text = t.atom(filtered(value, ['lstrip']))
  const rest = t.atom(filtered(plain(text), ['slice: 1, 2000']))
  return filtered(plain(text), ['slice: 0', 'upcase', `append: ${rest}`], 'text')
}

function substring({ of, values }: Use, at: Expression['at'], t: Translating): Value {
  const [from, to] = values
  const isKnown = from?.kind === 'number' && (to === undefined || to.kind === 'number')
  if (!isKnown) throw new Untranslatable(at, '?substring is supported with numbers alone')
  const length = to?.kind === 'number' ? to.value - from.value : 2000
  return filtered(t.value(of), [`slice: ${from.value}, ${length}`], 'text')
}

/** Times are read as ISO 8601, as ECOS's attributes have them. */
function dateValue({ of, name, values, variant = '' }: Use, at: Expression['at'], t: Translating) {
  const [pattern] = values
  const isIso =
    pattern === undefined || (pattern.kind === 'text' && /^yyyy-MM-dd/.test(pattern.value))
  if (!isIso || !/^((iso|xs)(_\w+)?)?$/.test(variant)) {
    throw new Untranslatable(at, '?{name} is read as ISO 8601 alone', { name })
  }
  return { ...t.value(of), type: name as Type }
}

const dates: readonly (Type | undefined)[] = ['date', 'time', 'datetime']

/** A date as text. @returns undefined if the value is none */
function dateText(value: Value, { values, variant = 'short' }: Use): Value | undefined {
  if (!dates.includes(value.type)) return undefined
  const [pattern] = values
  if (pattern === undefined) return dateInWords(value, variant)
  if (pattern.kind !== 'text') throw new Untranslatable(pattern.at, 'the pattern is not a text')
  return filtered(value, [`date_format: ${quoted(pattern.value)}`], 'text')
}
