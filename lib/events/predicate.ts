import * as z from 'zod'
import { late } from '../late.ts'
import { ownValue } from '../own-value.ts'
import { ExactNumber } from './exact-number.ts'

/**
 * A condition on an event's data: a subset of ECOS's predicate language in JSON
 * (github.com/Citeck/ecos-docs, "Язык предикатов"). ECOS's short forms are accepted too: `a` for `att`, `v`
 * for `val`, and negations such as `not-eq`.
 */
export type Predicate =
  | { readonly t: 'and' | 'or'; readonly val: readonly Predicate[] }
  | { readonly t: 'not'; readonly val: Predicate }
  | { readonly t: 'empty'; readonly att: string }
  | { readonly t: 'in'; readonly att: string; readonly val: readonly Scalar[] }
  | { readonly t: 'eq' | 'contains'; readonly att: string; readonly val: Scalar }
  | { readonly t: Order; readonly att: string; readonly val: Scalar }
export type Order = 'gt' | 'ge' | 'lt' | 'le'
export type Scalar = string | number | boolean

/** Bounds the cost of a condition, which is evaluated for every event. Texts and paths in characters. */
export const predicateLimits = { depth: 10, predicates: 100, values: 100, text: 1000, path: 256 }

const types = 'and, or, not, empty, in, eq, contains, gt, ge, lt, le'
const att = late(() => z.string().min(1).max(predicateLimits.path))
const scalar = late(() =>
  z.union(
    [z.string().max(predicateLimits.text), z.number(), z.boolean()],
    'a text, a number, true or false (use "empty" for missing values)',
  ),
)
/**
 * Times relative to now, and intervals. ECOS resolves them where it searches records, and takes them as plain texts
 * where it filters events. Evaluation has no clock either, so that a redelivery is judged as the first delivery was.
 */
const relativeTime = /^(\$NOW\b|\$TODAY\b|-?PT?\d+[YMWDHS]|\d{4}-\d\d-\d\d[^/]*\/)/
const notFixed = 'a fixed value: $NOW, $TODAY, durations and intervals are not supported'
const bound = late(() => scalar.refine((value) => !isLike(relativeTime, value), notFixed))

/** The same in full: `P10D` may be sought in an attribute that is a duration, and `2026-01-15/47` is a document's number. */
const duration = String.raw`P(?=T?\d)(?:\d+[YMWD])*(?:T(?:\d+(?:\.\d+)?[HMS])+)?`
const moment = String.raw`(?:\$NOW|\$TODAY|-?${duration}|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)`
const soughtTime = new RegExp(String.raw`^(?:\$(?:NOW|TODAY)\b|-${duration}$|${moment}/${moment}$)`)
const sought = late(() => scalar.refine((value) => !isLike(soughtTime, value), notFixed))

function isLike(pattern: RegExp, value: Scalar): boolean {
  return typeof value === 'string' && pattern.test(value)
}

const node: z.ZodType<Predicate> = z
  .lazy(() => z.preprocess(longForm, union))
  .meta({ id: 'Predicate' })
const union = late(() =>
  z.discriminatedUnion(
    't',
    [
      z.strictObject({ t: z.enum(['and', 'or']), val: z.array(node).min(1) }),
      z.strictObject({ t: z.literal('not'), val: node }),
      z.strictObject({ t: z.literal('empty'), att }),
      z.strictObject({
        t: z.literal('in'),
        att,
        val: z.array(sought).min(1).max(predicateLimits.values),
      }),
      z.strictObject({ t: z.enum(['eq', 'contains']), att, val: sought }),
      z.strictObject({ t: z.enum(['gt', 'ge', 'lt', 'le']), att, val: bound }),
    ],
    { error: ({ code }) => (code === 'invalid_union' ? `t is one of ${types}` : undefined) },
  ),
)

/** Validates a predicate; its issues name the invalid path. */
export const predicate: z.ZodType<Predicate> = late(() =>
  z
    .unknown()
    .superRefine((value, { addIssue }) => {
      const { depth, predicates } = predicateLimits
      if (!isBounded(value)) {
        addIssue(`at most ${depth} nested predicates and ${predicates} in total`)
      }
    })
    .pipe(node),
)

/** The paths of all attributes that a predicate uses, without duplicates. */
export function attributesOf(predicate: Predicate): string[] {
  switch (predicate.t) {
    case 'and':
    case 'or':
      return [...new Set(predicate.val.flatMap(attributesOf))]
    case 'not':
      return attributesOf(predicate.val)
    default:
      return [predicate.att]
  }
}

const longNames = { a: 'att', v: 'val' }

/** An exact number is as good as its text. When both forms of a name are present, the short one stays and the schema refuses it. */
function longForm(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([name, item]) => {
    const long = ownValue(longNames, name) ?? name
    return [Object.hasOwn(value, long) ? name : long, textOfExact(item)]
  })
  const { t, ...rest } = Object.fromEntries(entries)
  if (typeof t !== 'string' || !t.startsWith('not-')) return { t, ...rest }
  return { t: 'not', val: { t: t.slice('not-'.length), ...rest } }
}

function textOfExact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textOfExact)
  return value instanceof ExactNumber ? String(value) : value
}

/** Checked before the schema, whose recursion is unbounded. Iterates by level, so it can't overflow. */
function isBounded(value: unknown): boolean {
  let level = [value]
  let count = 0
  for (let depth = 0; level.length > 0; depth += 1) {
    count += level.length
    if (depth >= predicateLimits.depth || count > predicateLimits.predicates) return false
    level = level.flatMap(predicatesIn)
  }
  return true
}

function predicatesIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  const { val, v } = value as { val?: unknown; v?: unknown }
  return [val, v].flat().filter((item) => typeof item === 'object' && item !== null)
}
