import type * as z from 'zod'

/** Enough to find the fault, and a bound for the log. */
const fieldsNamed = 10

/** Undefined for what is not JSON: the parser's own message quotes the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(withoutMark(text))
  } catch {
    return undefined
  }
}

/** A byte order mark, which editors and Windows put before a text, is no part of it. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields that do not fit, by their paths and never by what stands in them. */
export function fieldsAtFault(error: z.ZodError): string {
  const fields = new Set(error.issues.map(({ path }) => path.map(String).join('.') || 'the whole'))
  return [...fields].slice(0, fieldsNamed).join(', ')
}

/** The same with what is wrong, for the person who wrote the text. */
export function faultsIn(error: z.ZodError): string {
  return error.issues
    .slice(0, fieldsNamed)
    .map((issue) => [issue.path.map(String).join('.'), problemIn(issue)].filter(Boolean).join(': '))
    .join('; ')
}

/** Of a key that does not fit, why: the record's own message says only that it does not. */
function problemIn(issue: z.core.$ZodIssue): string {
  return (issue.code === 'invalid_key' && issue.issues[0]?.message) || issue.message
}
