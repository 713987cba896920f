import { cut } from '../../text.ts'
import { limits } from './bounds.ts'

/**
 * A value's name for a person: a plain text, the reader's language of a multilingual text
 * (`{"ru": …, "en": …}`), the `disp` of a record's value; the names of a list joined by the language's
 * rules.
 */
export function nameIn(value: unknown, locale: string): string {
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
