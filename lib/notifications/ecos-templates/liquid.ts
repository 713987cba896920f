/**
 * What is known of a value's kind, or that of a list's items, for what FreeMarker decides by it: how it adds and
 * how it is written. `mixed` is a number or a text.
 */
export type Type = 'text' | 'number' | 'mixed' | 'boolean' | 'date' | 'time' | 'datetime'

/** A value in Liquid: a path or a literal, and the filters behind it. */
export interface Value {
  readonly base: string
  readonly filters: readonly string[]
  readonly type?: Type | undefined
  /** Liquid knows the name, whatever the event: no default is needed where nothing is to be written. */
  readonly isKnown?: boolean
}

export function plain(base: string, type?: Type): Value {
  return { base, filters: [], type }
}

export function filtered(value: Value, filters: readonly string[], type?: Type): Value {
  return { base: value.base, filters: [...value.filters, ...filters], type }
}

export function written({ base, filters }: Value): string {
  return [base, ...filters].join(' | ')
}

/** The kind of what is one value or the other. */
export function commonType(one: Value, other: Value): Type | undefined {
  if (one.type === undefined || other.type === undefined) return one.type ?? other.type
  return eitherType(one.type, other.type) ?? one.type
}

/** @returns undefined for kinds that are written in different ways */
export function eitherType(one: Type | undefined, other: Type | undefined): Type | undefined {
  const mixing: readonly (Type | undefined)[] = ['text', 'number', 'mixed']
  if (one === other) return one
  return mixing.includes(one) && mixing.includes(other) ? 'mixed' : undefined
}

/** A text as a literal. Characters that would end its tag are written as escapes. */
export function quoted(text: string): string {
  const quote = text.includes('"') && !text.includes("'") ? "'" : '"'
  const inner = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replace(/(?<=[%}-])\}|(?<=\{)[{%]/g, (end) => `\\u00${end.charCodeAt(0).toString(16)}`)
  return quote + inner + quote
}

/** A property of a value. */
export function member(base: string, name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `${base}.${name}` : `${base}[${quoted(name)}]`
}

/** Names that mean something else in Liquid or in our templates. */
const taken: ReadonlySet<string> = new Set([
  ...['nil', 'null', 'true', 'false', 'empty', 'blank', 'and', 'or', 'not', 'contains', 'forloop'],
  ...['event', 'customData', 'tenant', 'locale', 'timeZone', 'organisation', 'link', 'document'],
  ...['people', 'now', 'webUrl', 'records'],
  ...['title', 'text', 'facts', 'open', 'why', 'brand'],
])

/** The name of a variable: FreeMarker's own, as far as Liquid can read it. It does not end as generated ones do. */
export function variable(name: string): string {
  const readable = name.replace(/\W/gu, (one) => `_${one.codePointAt(0)?.toString(16)}`)
  return taken.has(readable) || /^\d|_\d+$/.test(readable) ? `${readable}_` : readable
}
