import type { Context } from 'liquidjs'
import { dateByPattern } from './date-format.ts'
import { type DateReader, dateText, dueShort, dueText, instantOf } from './dates.ts'
import { isReference } from './event-facts.ts'
import { nameIn } from './name-in.ts'
import type { RecordLinks } from './record-links.ts'

/** A filter's `this`: its context holds the reader's language and time zone. */
interface Reader {
  readonly context: Context
}
type Filter = (this: Reader, value: unknown, ...args: unknown[]) => unknown

function localeOf(reader: Reader): string {
  return reader.context.getSync(['locale']) as string
}

function readerOf({ context }: Reader, zone?: unknown): DateReader {
  const { locale, timeZone, now } = context.environments as Partial<DateReader>
  return {
    locale: String(locale),
    timeZone: String(zone ?? timeZone),
    now: Number(now),
  }
}

/** A filter of instants: empty for anything else. A zone as argument replaces the reader's. */
function date(text: (instant: number, reader: DateReader) => string): Filter {
  return function (this: Reader, value: unknown, zone?: unknown) {
    const instant = instantOf(value)
    return instant === undefined ? '' : text(instant, readerOf(this, zone))
  }
}

const day = /^\d{4}-\d{2}-\d{2}$/

/** A date by a pattern: `date_format: 'dd.MM.yyyy'`. */
function dateFormat(this: Reader, value: unknown, pattern: unknown = 'short'): string {
  const instant = instantOf(value)
  // A day without a time is the same day everywhere.
  const zone = typeof value === 'string' && day.test(value) ? 'UTC' : undefined
  // A wrong pattern fails without a date too, as when a template is checked.
  const text = dateByPattern(instant ?? 0, String(pattern), readerOf(this, zone))
  return instant === undefined ? '' : text
}

/** The link to a record by its reference; empty without a web client. */
function recordLink(this: Reader, value: unknown): string {
  const recordRef = nameIn(value, localeOf(this))
  const { records } = this.context.environments as { records: RecordLinks }
  return recordRef === '' ? '' : records.linkTo(recordRef)
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

/** A number in the reader's language; those of a list. */
function number(this: Reader, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => number.call(this, one))
  const isNumber = typeof value === 'number' && Number.isFinite(value)
  // Halves as Java's formats round them.
  const options = { roundingMode: 'halfEven' } as const
  return isNumber ? new Intl.NumberFormat(localeOf(this), options).format(value) : value
}

function name(this: Reader, value: unknown): string {
  return nameIn(value, localeOf(this))
}

/** The display name of a user name, where the tenant's people are known; else the user name as it is. */
function person(this: Reader, value: unknown): string {
  const username = nameIn(value, localeOf(this)).trim()
  const { people } = this.context.environments as { people: Readonly<Record<string, unknown>> }
  const key = username.toLowerCase()
  return Object.hasOwn(people, key) ? String(people[key]) : username
}

/** A text, or nothing where it is only a record's reference. */
function readable(this: Reader, value: unknown): string {
  const text = nameIn(value, localeOf(this))
  return isReference(text) ? '' : text
}

/** Our filters, in addition to LiquidJS's. */
export const filters: Readonly<Record<string, Filter>> = {
  date_format: dateFormat,
  date_long: date((instant, reader) => dateText(instant, 'long', reader)),
  date_short: date((instant, reader) => dateText(instant, 'short', reader)),
  due: date(dueText),
  due_short: date(dueShort),
  name,
  number,
  person,
  plural,
  readable,
  record_link: recordLink,
}
