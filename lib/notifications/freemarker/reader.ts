import { type At, type Range, type Source, Untranslatable } from './source.ts'

/** Reads a part of a source from left to right. */
export interface Reader {
  readonly source: Source
  readonly to: number
  /** Where it is. */
  offset: number
  /** The number of operators that were read. */
  operators: number
}

/** Operators in one directive at most. Each makes the tree of an expression deeper. */
const maxOperators = 500

export function readerOf({ source, from, to }: Range): Reader {
  return { source, to, offset: from, operators: 0 }
}

/** A name: letters of any alphabet, and with a backslash the characters of prefixes (`cm\:title`). */
const name = /(?:[\p{L}_$@]|\\[-.:])(?:[\p{L}\p{N}_$@]|\\[-.:])*/uy

/** Skips white space, and says where it is. */
export function here(reader: Reader): At {
  take(reader, /\s*/y)
  return { source: reader.source, offset: reader.offset }
}

/** What matches here, or undefined. @param pattern sticky */
export function take(reader: Reader, pattern: RegExp): string | undefined {
  const found = peek(reader, pattern)
  if (found !== undefined) reader.offset += found.length
  return found
}

export function peek(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.offset
  const found = pattern.exec(reader.source.text)?.[0]
  return found !== undefined && reader.offset + found.length <= reader.to ? found : undefined
}

/** Takes what matches after white space, or stays. */
export function takeNext(reader: Reader, pattern: RegExp): string | undefined {
  here(reader)
  return take(reader, pattern)
}

/** Takes an operator. @throws Untranslatable after too many */
export function takeOperator(reader: Reader, pattern: RegExp): string | undefined {
  const found = takeNext(reader, pattern)
  if (found !== undefined) reader.operators += 1
  if (reader.operators <= maxOperators) return found
  throw new Untranslatable(here(reader), 'the expression is too long')
}

/** @throws Untranslatable where something else is */
export function expect(reader: Reader, pattern: RegExp, what: string): string {
  const at = here(reader)
  const found = take(reader, pattern)
  if (found !== undefined) return found
  const next = nextIn(reader)
  if (next === '') throw new Untranslatable(at, 'expected {what}', { what })
  throw new Untranslatable(at, 'expected {what} at "{found}"', { what, found: next })
}

export function takeName(reader: Reader): string | undefined {
  return takeNext(reader, name)?.replace(/\\/g, '')
}

export function expectName(reader: Reader, what: string): string {
  return expect(reader, name, what).replace(/\\/g, '')
}

export function isAtEnd(reader: Reader): boolean {
  here(reader)
  return reader.offset >= reader.to
}

/** @throws Untranslatable where more follows */
export function expectEnd(reader: Reader): void {
  if (isAtEnd(reader)) return
  const found = nextIn(reader)
  throw new Untranslatable(here(reader), 'can\'t be read at "{found}"', { found })
}

function nextIn({ source, offset, to }: Reader): string {
  return source.text
    .slice(offset, Math.min(to, offset + 20))
    .split('\n', 1)
    .join('')
}
