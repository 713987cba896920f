import type { Comparison } from '../freemarker/expression.ts'

/** A condition in Liquid, which has no brackets. */
export type Condition =
  | { readonly kind: 'test'; readonly text: string; readonly negated: string }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }

export function test(text: string, negated = `not ${text}`): Condition {
  return { kind: 'test', text, negated }
}

const opposite: Readonly<Record<Comparison, Comparison>> = {
  ...{ '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' },
}

export function compare(left: string, operator: Comparison, right: string): Condition {
  return test(`${left} ${operator} ${right}`, `${left} ${opposite[operator]} ${right}`)
}

/** De Morgan: a `not` stands before single tests only. */
export function not(condition: Condition): Condition {
  if (condition.kind === 'test') return test(condition.negated, condition.text)
  return { kind: condition.kind === 'and' ? 'or' : 'and', of: condition.of.map(not) }
}

/** Conditions joined, those of the same kind in one row. */
export function join(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
  return { kind, of: parts.flatMap((one) => (one.kind === kind ? one.of : [one])) }
}

/**
 * Liquid joins `and` and `or` from the right: `a and b or c` is `a and (b or c)`. So one row may contain one
 * of the other kind, at its end; more are given names first.
 *
 * @param name makes a variable of a condition
 */
export function rowOf(condition: Condition, name: (condition: string) => string): string {
  if (condition.kind === 'test') return condition.text
  const single = condition.of.flatMap((one) => (one.kind === 'test' ? [one.text] : []))
  const rows = condition.of.filter(({ kind }) => kind !== 'test')
  const last = rows.pop()
  const named = rows.map((row) => name(rowOf(row, name)))
  const end = last === undefined ? [] : [rowOf(last, name)]
  return [...single, ...named, ...end].join(` ${condition.kind} `)
}
