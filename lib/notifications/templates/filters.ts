import type { Context } from 'liquidjs'
import { cut } from '../../text.ts'
import { limits } from './bounds.ts'

/** A filter's `this`: its context holds the reader's language and time zone. */
interface Reader {
  readonly context: Context
}
type Filter = (this: Reader, value: unknown, ...args: unknown[]) => unknown

function localeOf(reader: Reader): string {
  return reader.context.getSync(['locale']) as string
}

/** The last instant that a Date can hold (ECMA-262, Time Values). */
const lastInstant = 8.64e15

/** Epoch milliseconds, or ISO 8601 text, as an instant. */
function instant(value: unknown): number | undefined {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : value
  const isInstant = typeof milliseconds === 'number' && Math.abs(milliseconds) <= lastInstant
  return isInstant ? milliseconds : undefined
}

/** A time in the reader's time zone, followed by the zone's name; empty for anything but an instant. */
function date(dateStyle: 'long' | 'short'): Filter {
  return function (this: Reader, value: unknown, zone?: unknown) {
    const milliseconds = instant(value)
    if (milliseconds === undefined) return ''
    const timeZone = String(zone ?? this.context.getSync(['timeZone']))
    const written = dateFormat(localeOf(this), dateStyle, timeZone).format(milliseconds)
    return `${written} ${timeZone === 'UTC' ? timeZone : `(${timeZone})`}`
  }
}

/** Cached: making a format takes a thousand times longer than using it. */
const dateFormats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(locale: string, dateStyle: 'long' | 'short', timeZone: string) {
  const key = `${locale} ${dateStyle} ${timeZone}`
  const format =
    dateFormats.get(key) ??
    new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'short', hourCycle: 'h23', timeZone })
  dateFormats.set(key, format)
  return format
}

/** Chooses the form of the language's plural category: `plural: one: 'файл', few: 'файла', many: 'файлов'`. */
function plural(this: Reader, count: unknown, ...forms: unknown[]): string {
  const named = new Map(forms.filter(Array.isArray).map(([category, form]) => [category, form]))
  const number = Number(count)
  const category = new Intl.PluralRules(localeOf(this)).select(Number.isFinite(number) ? number : 0)
  // A Russian fraction has the category `other` and takes the form of `few`: 1,5 файла.
  const form = named.get(category) ?? named.get('other') ?? named.get('few')
  if (form === undefined) throw new Error(`plural has no form for "${category}"`)
  return String(form)
}

function number(this: Reader, value: unknown): unknown {
  const isNumber = typeof value === 'number' && Number.isFinite(value)
  return isNumber ? new Intl.NumberFormat(localeOf(this)).format(value) : value
}

/**
 * A value's name for a person: a plain text, the reader's language of a multilingual text
 * (`{"ru": …, "en": …}`), the `disp` of a record's value; the names of a list joined by the language's
 * rules.
 */
function name(this: Reader, value: unknown): string {
  const locale = localeOf(this)
  if (!Array.isArray(value)) return nameOf(value, locale)
  const names = value.map((one) => nameOf(one, locale)).filter((one) => one !== '')
  return cut(new Intl.ListFormat(locale, { type: 'conjunction' }).format(names), limits.value)
}

function nameOf(value: unknown, locale: string): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  const texts: Readonly<Record<string, unknown>> = { ...value }
  const language = new Intl.Locale(locale).language
  const keys = [locale, language, 'disp', 'displayName', 'str', 'id', 'en', 'ru']
  const text = keys.map((key) => texts[key]).find((text) => typeof text === 'string')
  return typeof text === 'string' ? text : ''
}

/** Our filters, in addition to LiquidJS's. */
export const filters: Readonly<Record<string, Filter>> = {
  date_long: date('long'),
  date_short: date('short'),
  name,
  number,
  plural,
}
