import { bodyOf, type Directive, type Input, type Named } from './blocks.ts'
import type { Expression } from './expression.ts'
import { readExpression } from './read-expression.ts'
import { expectName, isAtEnd, peek, readerOf, takeName, takeNext } from './reader.ts'
import type { Node } from './tree.ts'

/** A name that gets a value: `date="2026"`. */
const named = /[\p{L}_$@][\p{L}\p{N}_$@]*\s*=(?!=)/uy

/** `<@lib.macro a=1>…</@>`, `<@macro 1, 2/>` */
export function readCall(token: Extract<Directive, { kind: 'call' }>, input: Input): Node {
  const reader = readerOf(token.rest)
  const path = [expectName(reader, 'the name of a macro')]
  while (takeNext(reader, /\./y)) path.push(expectName(reader, 'the name of a macro'))
  const byName: [string, Expression][] = []
  const positional: Expression[] = []
  while (!isAtEnd(reader)) {
    if (peek(reader, named) === undefined) positional.push(readExpression(reader))
    else {
      const name = expectName(reader, 'a name')
      takeNext(reader, /=/y)
      byName.push([name, readExpression(reader)])
    }
    takeNext(reader, /,/y)
  }
  const body = token.isEmpty ? undefined : bodyOf(token, input)
  return { kind: 'call', path, named: byName, positional, body, at: token.at }
}

/** `<#macro name a b="otherwise">…</#macro>` */
export function readMacro(token: Named, input: Input): Node {
  const reader = readerOf(token.rest)
  const name = expectName(reader, 'the name of a macro')
  takeNext(reader, /\(/y)
  const parameters: [string, Expression | undefined][] = []
  for (let parameter = takeName(reader); parameter !== undefined; parameter = takeName(reader)) {
    const otherwise = takeNext(reader, /=/y) === undefined ? undefined : readExpression(reader)
    parameters.push([parameter, otherwise])
    takeNext(reader, /,/y)
  }
  takeNext(reader, /\)/y)
  if (!isAtEnd(reader)) {
    input.fail(token, '{what} takes any number of values, which has no counterpart in Liquid')
  }
  return { kind: 'macro', name, parameters, body: bodyOf(token, input), at: token.at }
}
