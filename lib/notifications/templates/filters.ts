import type { Context } from 'liquidjs'
import { cut } from '../../text.ts'
import { limits } from './bounds.ts'

/** What `this` is to a filter: it knows the reader's language and time zone by the model. */
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

/** In the reader's time zone, and saying which; nothing for what is no instant. */
function date(dateStyle: 'long' | 'short'): Filter {
  return function (this: Reader, value: unknown, zone?: unknown) {
    const milliseconds = instant(value)
    if (milliseconds === undefined) return ''
    const timeZone = String(zone ?? this.context.getSync(['timeZone']))
    const written = dateFormat(localeOf(this), dateStyle, timeZone).format(milliseconds)
    return `${written} ${timeZone === 'UTC' ? timeZone : `(${timeZone})`}`
  }
}

/** Kept, since one takes a thousand times longer to make than to use. */
const dateFormats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(locale: string, dateStyle: 'long' | 'short', timeZone: string) {
  const key = `${locale} ${dateStyle} ${timeZone}`
  const format =
    dateFormats.get(key) ??
    new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'short', hourCycle: 'h23', timeZone })
  dateFormats.set(key, format)
  return format
}

/** A form for each plural category of the language: `plural: one: 'файл', few: 'файла', many: 'файлов'`. */
function plural(this: Reader, count: unknown, ...forms: unknown[]): string {
  const named = new Map(forms.filter(Array.isArray).map(([category, form]) => [category, form]))
  const number = Number(count)
  const category = new Intl.PluralRules(localeOf(this)).select(Number.isFinite(number) ? number : 0)
  // A fraction is `other` in Russian, and reads as `few`: 1,5 файла.
  const form = named.get(category) ?? named.get('other') ?? named.get('few')
  if (form === undefined) throw new Error(`plural has no form for "${category}"`)
  return String(form)
}

function number(this: Reader, value: unknown): unknown {
  const isNumber = typeof value === 'number' && Number.isFinite(value)
  return isNumber ? new Intl.NumberFormat(localeOf(this)).format(value) : value
}

/**
 * What a person calls it: a text as it is, a text in several languages (`{"ru": …, "en": …}`) in the
 * reader's, a value of a record by its `disp`, several joined as the language joins them.
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
  const known = [locale, language, 'disp', 'displayName', 'str', 'id', 'en', 'ru']
  const text = known.map((key) => texts[key]).find((text) => typeof text === 'string')
  return typeof text === 'string' ? text : ''
}

/** Ours beside LiquidJS's own. */
export const filters: Readonly<Record<string, Filter>> = {
  date_long: date('long'),
  date_short: date('short'),
  name,
  number,
  plural,
}
