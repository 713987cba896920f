import * as z from 'zod'
import { late } from '../../late.ts'
import { isObject } from '../../parse.ts'
import { ExactNumber } from '../exact-number.ts'
import { epochMilliseconds } from '../times.ts'

/**
 * The fields of ECOS's events. The producer's version is not ours to choose, so every field accepts every
 * value, and is null or empty where it can't be used.
 */

/** A text for people, in one language, in several (`{"ru": "Договор"}`), as a list or as a number. */
export type Label =
  | string
  | number
  | boolean
  | readonly Label[]
  | { readonly [language: string]: unknown }
  | null

/** Passes every value on, for templates to print with the filter `name`. */
export const label = late(() =>
  z
    .unknown()
    .optional()
    .transform((value) => (value ?? null) as Label),
)

/** A text. Numbers are written out, a list is joined, and of several languages one is taken. */
export const text = late(() => z.unknown().optional().transform(textOf))

function textOf(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'boolean':
      return String(value)
    case 'object':
      return value === null ? null : textOfObject(value)
    default:
      return null
  }
}

const namingKeys = ['disp', 'displayName', 'str', 'ru', 'en', 'id']

function textOfObject(value: object): string | null {
  if (value instanceof ExactNumber) return String(value)
  if (Array.isArray(value)) {
    const texts = value.filter((item) => typeof item !== 'object' || item instanceof ExactNumber)
    return texts.length > 0 ? texts.map(String).join(', ') : null
  }
  const texts: Readonly<Record<string, unknown>> = { ...value }
  const found = namingKeys.map((key) => texts[key]).find((item) => typeof item === 'string')
  return typeof found === 'string' ? found : null
}

/** Epoch milliseconds, however the time was written. */
export const instant = late(() =>
  z
    .unknown()
    .optional()
    .transform((value) => epochMilliseconds(value) ?? null),
)

/** As the producer sent it; the event's `id` is the bridge's. */
export const ownId = late(() =>
  z
    .unknown()
    .optional()
    .transform((value) => {
      if (value instanceof ExactNumber) return String(value)
      return typeof value === 'string' || typeof value === 'number' ? value : null
    }),
)

/** A list of texts. Other elements are dropped. */
export const texts = late(() =>
  z
    .unknown()
    .optional()
    .transform((value) => (Array.isArray(value) ? textsIn(value) : [])),
)

/** A user name, in any letter case. */
export const userName = late(() =>
  z
    .unknown()
    .optional()
    .transform((value) => nameOf(value) ?? null),
)

/** A text or a number, of any length, as a name; undefined for any other value. */
export function nameOf(value: unknown): string | undefined {
  const isName = typeof value === 'string' || typeof value === 'number'
  return isName || value instanceof ExactNumber ? String(value) : undefined
}

function textsIn(values: readonly unknown[]): string[] {
  return values.map(nameOf).filter((value) => value !== undefined)
}

/** A list of objects; a single object counts as a list of one, and other elements are dropped. */
export function listOf<Schema extends z.ZodType<unknown, unknown>>(element: Schema) {
  return z
    .unknown()
    .optional()
    .transform((value): unknown[] => [value].flat().filter((item) => isObject(item)))
    .pipe(z.array(element))
}

/** An object; any other value counts as an empty one. */
export function objectOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .unknown()
    .optional()
    .transform((value) => (isObject(value) ? value : {}))
    .pipe(z.looseObject(shape))
}
