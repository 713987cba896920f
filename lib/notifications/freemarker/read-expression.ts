import type { Arithmetic, Comparison, Expression } from './expression.ts'
import { readText } from './read-text.ts'
import {
  expect,
  expectEnd,
  expectName,
  here,
  peek,
  type Reader,
  readerOf,
  take,
  takeNext,
  takeOperator,
} from './reader.ts'
import { type Range, Untranslatable } from './source.ts'

/** Brackets and operators within one another at most. */
const maxDepth = 100

/** A whole range as an expression. */
export function expressionIn(range: Range): Expression {
  const reader = readerOf(range)
  const expression = readExpression(reader)
  expectEnd(reader)
  return expression
}

/**
 * Reads an expression as FreeMarker 2.3 does, from the operator that binds least to the one that binds most.
 *
 * @throws Untranslatable with the place at which it is not one
 */
export function readExpression(reader: Reader, depth = 0): Expression {
  const next = depth + 1
  let left = readAnd(reader, next)
  while (takeOperator(reader, /\|\|?/y)) {
    left = { kind: 'or', left, right: readAnd(reader, next), at: left.at }
  }
  return left
}

function readAnd(reader: Reader, depth: number): Expression {
  let left = readEquality(reader, depth)
  while (takeOperator(reader, /&&?(?!\w+;)|&amp;&amp;/y)) {
    left = { kind: 'and', left, right: readEquality(reader, depth), at: left.at }
  }
  return left
}

const equality: Readonly<Record<string, Comparison>> = { '==': '==', '=': '==', '!=': '!=' }

function readEquality(reader: Reader, depth: number): Expression {
  const left = readOrder(reader, depth)
  const operator = equality[takeNext(reader, /==?|!=/y) ?? '']
  if (operator === undefined) return left
  return { kind: 'comparison', operator, left, right: readOrder(reader, depth), at: left.at }
}

const order: Readonly<Record<string, Comparison>> = {
  ...{ '<': '<', lt: '<', '\\lt': '<', '&lt;': '<' },
  ...{ '<=': '<=', lte: '<=', '\\lte': '<=', '&lt;=': '<=' },
  ...{ '>': '>', gt: '>', '\\gt': '>', '&gt;': '>' },
  ...{ '>=': '>=', gte: '>=', '\\gte': '>=', '&gt;=': '>=' },
}

function readOrder(reader: Reader, depth: number): Expression {
  const left = readRange(reader, depth)
  const operator = order[takeNext(reader, /[<>]=?|&[lg]t;=?|\\?[lg]te?\b/y) ?? '']
  if (operator === undefined) return left
  return { kind: 'comparison', operator, left, right: readRange(reader, depth), at: left.at }
}

function readRange(reader: Reader, depth: number): Expression {
  const from = readSum(reader, depth)
  if (!takeNext(reader, /\.\.(?![<!*])/y)) return from
  return { kind: 'range', from, to: readSum(reader, depth), at: from.at }
}

function readSum(reader: Reader, depth: number): Expression {
  return readArithmetic(reader, /[+-]/y, () => readProduct(reader, depth))
}

function readProduct(reader: Reader, depth: number): Expression {
  return readArithmetic(reader, /[*/%]/y, () => readUnary(reader, depth))
}

function readArithmetic(reader: Reader, operators: RegExp, read: () => Expression): Expression {
  let left = read()
  for (;;) {
    const operator = takeOperator(reader, operators) as Arithmetic | undefined
    if (operator === undefined) return left
    left = { kind: 'arithmetic', operator, left, right: read(), at: left.at }
  }
}

function readUnary(reader: Reader, depth: number): Expression {
  const at = here(reader)
  if (depth > maxDepth) throw new Untranslatable(at, 'the expression is nested too deeply')
  if (take(reader, /!/y)) return { kind: 'not', of: readUnary(reader, depth + 1), at }
  if (!take(reader, /-/y)) return readPostfix(reader, depth)
  const zero = { kind: 'number', value: 0, at } as const
  const right = readUnary(reader, depth + 1)
  return { kind: 'arithmetic', operator: '-', left: zero, right, at }
}

function readPostfix(reader: Reader, depth: number): Expression {
  let of = readPrimary(reader, depth)
  for (;;) {
    const at = here(reader)
    if (takeOperator(reader, /\?\?/y)) {
      of = { kind: 'exists', of, at: of.at }
    } else if (takeOperator(reader, /\?/y)) {
      of = { kind: 'built-in', of, name: expectName(reader, 'the name of a built-in'), at }
    } else if (takeOperator(reader, /\.(?!\.)/y)) {
      of = { kind: 'member', of, name: expectName(reader, 'a name'), at: of.at }
    } else if (takeOperator(reader, /\[/y)) {
      const index = readExpression(reader, depth)
      expect(reader, /\]/y, ']')
      of = { kind: 'index', of, index, at: of.at }
    } else if (takeOperator(reader, /\(/y)) {
      of = { kind: 'call', of, arguments: readItems(reader, /\)/y, ')', depth), at: of.at }
    } else if (takeOperator(reader, /!(?!=)/y)) {
      const otherwise = hasDefault(reader) ? readExpression(reader, depth) : undefined
      of = { kind: 'default', of, otherwise, at: of.at }
    } else return of
  }
}

/** Whether a value follows `!`, rather than the next word of the directive: `x! as y`, `a=x! b=1`. */
function hasDefault(reader: Reader): boolean {
  const at = here(reader)
  if (peek(reader, /(?:as|in|using|[lg]te?)\b|[\p{L}_$@][\p{L}\p{N}_$@]*\s*=(?!=)/uy)) return false
  if (peek(reader, /\+/y)) {
    throw new Untranslatable(at, 'FreeMarker takes what follows ! as its default: write (…!) + …')
  }
  return peek(reader, /["'([\p{L}_$@\d!.{-]|\\[-.:]/uy) !== undefined
}

function readPrimary(reader: Reader, depth: number): Expression {
  const at = here(reader)
  if (take(reader, /\(/y)) {
    const inner = readExpression(reader, depth)
    expect(reader, /\)/y, ')')
    return inner
  }
  if (take(reader, /\[/y)) {
    return { kind: 'sequence', items: readItems(reader, /\]/y, ']', depth), at }
  }
  const number = take(reader, /\d+(?:\.\d+)?/y)
  if (number !== undefined) return { kind: 'number', value: Number(number), at }
  const text = readText(reader, (range) => expressionIn(range))
  if (text !== undefined) return text
  const name = expectName(reader, 'a value')
  return name === 'true' || name === 'false'
    ? { kind: 'boolean', value: name === 'true', at }
    : { kind: 'name', name, at }
}

function readItems(reader: Reader, end: RegExp, what: string, depth: number): Expression[] {
  const items: Expression[] = []
  while (!takeNext(reader, end)) {
    if (items.length > 0) expect(reader, /,/y, `, or ${what}`)
    items.push(readExpression(reader, depth))
  }
  return items
}
