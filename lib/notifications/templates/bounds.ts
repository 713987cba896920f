import { cut } from '../../text.ts'

/**
 * UTF-16 code units, each at most 3 bytes in UTF-8: together a notification's texts stay far below the
 * 1 MiB of an SQS message.
 */
export const limits = { title: 200, text: 20_000, html: 100_000, value: 2000 } as const

/** Characters of a template at most. */
export const templateLimit = 100_000

/** One line: a line break in a title could otherwise start another mail header. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}

/** A person's text with its line breaks, without other control characters, within a value's limit. */
export function clean(text: string): string {
  const lines = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
  return cut(lines, limits.value)
}

/** JSON with each text cut to a value's limit, so that filters stay within the engine's bounds. */
export function bounded(value: unknown): unknown {
  if (typeof value === 'string') return cut(value, limits.value)
  if (Array.isArray(value)) return value.map(bounded)
  const isObject = value !== null && typeof value === 'object'
  if (!isObject || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, bounded(one)]))
}
