import { scalars } from '../../events/attribute-path.ts'
import { attribute } from '../../events/interest.ts'
import { faultsIn } from '../../parse.ts'
import { commonType, filtered, member, plain, quoted, type Type, type Value } from './liquid.ts'

/** What an attribute of an artifact's model becomes. */
export type AttributeValue =
  | {
      readonly value: Value
      /** It was given by who sent the notification, so that a subscription has to give it here. */
      readonly isGiven?: boolean
    }
  | { readonly problem: string }

/** What ECOS's own variables are here. */
const contextual: Readonly<Record<string, Value>> = {
  $now: plain('now', 'datetime'),
  $webUrl: plain('webUrl', 'text'),
  '$task.title': plain('event.taskTitle', 'text'),
  '$task.dueDate': plain('event.dueDate', 'text'),
}

const types: Readonly<Record<string, Type>> = { num: 'number', bool: 'boolean' }

/**
 * Translates an attribute of a model: `title`, `author?disp`, `name!'none'`, `$process.comment`,
 * `date | fmt('dd.MM.yyyy')`.
 *
 * @param name of the variable that has it
 * @param record what leads to the record in the event's attributes: nothing, or `record` in events 2.0
 */
export function attributeValue(name: string, text: string, record: string): AttributeValue {
  const processor = /\s*\|\s*fmt\(\s*(['"])([^'"]*)\1\s*\)\s*$/.exec(text)
  const [first = '', ...others] = alternatives(withEmpty(text.slice(0, processor?.index).trim()))
  const start = single(name, first, record)
  if ('problem' in start) return start
  let { value, isGiven = false } = start
  for (const other of others) {
    if (nothing.includes(other)) continue
    const next = constant(other) ?? single(name, other, record)
    if ('problem' in next) return next
    isGiven ||= next.isGiven ?? false
    // Of what the sender gave, the subscription gives what it was in the end.
    if (next.value.base === value.base) continue
    // A false is a value.
    const option = value.type === 'boolean' ? ', allow_false: true' : ''
    const filters = [`default: ${next.value.base}${option}`, ...next.value.filters]
    value = filtered(value, filters, commonType(value, next.value))
  }
  if (processor) value = filtered(value, [`date_format: ${quoted(processor[2] ?? '')}`], 'text')
  return { value, isGiven }
}

/** What ecos-records takes for a value that is missing, in what follows `!`. */
const nothing: readonly string[] = ['null', '[]', '{}']

/** `a?num!` is `a?num!0` there, and `a?bool!` is `a?bool!false`. */
function withEmpty(text: string): string {
  const scalar = /^[^!?]*(?<!\[\])\?(num|bool)!$/.exec(text)?.[1]
  return scalar === undefined ? text : text + (scalar === 'num' ? '0' : 'false')
}

/** A number or truth value, which is no attribute. */
function constant(text: string): AttributeValue | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return { value: plain(String(Number(text)), 'number') }
  return text === 'true' || text === 'false' ? { value: plain(text, 'boolean') } : undefined
}

/** `a!b!'none'`: what is taken where the first is missing. Nothing after the last `!` is nothing. */
function alternatives(text: string): string[] {
  const parts = text.match(/(?:'[^']*'|"[^"]*"|\\.|\{[^}]*\}|[^!])+/gs) ?? []
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function single(name: string, text: string, record: string): AttributeValue {
  const literal = /^(['"])(.*)\1$/s.exec(text)
  if (literal) return { value: plain(quoted(literal[2] ?? ''), 'text') }
  if (text.startsWith('$')) {
    const known = contextual[text.replace(/\?(str|disp)$/, '')]
    const value = { ...plain(member('customData', name)), isKnown: true }
    return known ? { value: known } : { value, isGiven: true }
  }
  const path = scalars.some((scalar) => text === `.${scalar}`) ? `?${text.slice(1)}` : text
  if (path === '?id' || path === '?assoc')
    return { value: { ...plain('event.docId', 'text'), isKnown: true } }
  if (path === '?disp' && record !== '') return { value: plain('document', 'text') }
  const whole = path.startsWith('?') || record === '' ? `${record}${path}` : `${record}.${path}`
  const parsed = attribute.safeParse(whole)
  if (!parsed.success) return { problem: faultsIn(parsed.error) }
  const base = `event.attributes[${quoted(parsed.data)}]`
  const scalar = /\?(\w+)$/.exec(parsed.data)?.[1] ?? 'disp'
  const value = { ...plain(base, types[scalar] ?? 'text'), isKnown: true }
  // The record's title is in many events as they are.
  return { value: path === '?disp' ? filtered(value, ['default: document'], 'text') : value }
}
