import { bodyOf, end, type Input, type Named, takeDivider } from './blocks.ts'
import { readMacro } from './read-call.ts'
import { expressionIn, readExpression } from './read-expression.ts'
import { readSwitch } from './read-switch.ts'
import {
  expect,
  expectEnd,
  expectName,
  isAtEnd,
  type Reader,
  readerOf,
  takeName,
  takeNext,
} from './reader.ts'
import type { Branch, Node, Reach } from './tree.ts'

/** What FreeMarker does with white space and escaping: Liquid's engines see to that themselves. */
const ignored: readonly string[] = ['ftl', 't', 'lt', 'rt', 'nt', 'flush', 'autoesc']

/** Directives around a part that stays as it is: values are escaped in HTML anyway. */
const transparent: readonly string[] = ['compress', 'outputformat']

/** Reads a directive whose beginning has been taken, up to its end. */
export function readDirective(token: Named, input: Input): readonly Node[] {
  const { name, at, rest } = token
  switch (name) {
    case 'if':
      return [readIf(token, input)]
    case 'list':
      return [readList(token, input)]
    case 'items':
      return [{ kind: 'items', names: namesIn(token), body: bodyOf(token, input), at }]
    case 'sep':
      // It ends where the list does, unless something ends it before.
      return [{ kind: 'sep', body: readSep(input), at }]
    case 'assign':
    case 'global':
    case 'local':
      return readAssign(token, name, input)
    case 'switch':
      return [readSwitch(token, input)]
    case 'break':
    case 'continue':
    case 'nested':
      return [{ kind: name, at }]
    case 'macro':
      return [readMacro(token, input)]
    case 'import':
      return [readImport(token, input)]
    case 'include':
      return [{ kind: 'include', template: templateIn(readerOf(rest), token, input), at }]
    case 'setting':
      return [{ kind: 'setting', name: expectName(readerOf(rest), 'a setting'), at }]
    case 'escape':
      return readEscape(token, input)
    default:
      if (ignored.includes(name)) return name === 'autoesc' ? bodyOf(token, input) : []
      if (transparent.includes(name)) return bodyOf(token, input)
      return input.fail(token, '{what} has no counterpart in Liquid')
  }
}

function readIf(token: Named, input: Input): Node {
  const branches: Branch[] = [{ condition: expressionIn(token.rest), body: input.readBlock(input) }]
  for (;;) {
    const divider = takeDivider(['elseif', 'else'], input)
    if (divider?.name !== 'elseif') {
      const otherwise = divider && input.readBlock(input)
      end(token, input)
      return { kind: 'if', branches, otherwise, at: token.at }
    }
    branches.push({ condition: expressionIn(divider.rest), body: input.readBlock(input) })
  }
}

function readList(token: Named, input: Input): Node {
  const reader = readerOf(token.rest)
  const items = readExpression(reader)
  const names: string[] = []
  if (takeNext(reader, /as\b/y)) {
    names.push(expectName(reader, 'a name'))
    if (takeNext(reader, /,/y)) names.push(expectName(reader, 'a name'))
  }
  expectEnd(reader)
  const body = input.readBlock(input)
  const otherwise = takeDivider(['else'], input) && input.readBlock(input)
  end(token, input)
  return { kind: 'list', items, names, body, otherwise, at: token.at }
}

/** `<#items as x>` */
function namesIn({ rest }: Named): string[] {
  const reader = readerOf(rest)
  expect(reader, /as\b/y, 'as')
  const names = [expectName(reader, 'a name')]
  if (takeNext(reader, /,/y)) names.push(expectName(reader, 'a name'))
  expectEnd(reader)
  return names
}

function readSep(input: Input): Node[] {
  const body = input.readBlock(input)
  const next = input.tokens[input.next]
  if (next?.kind === 'end' && next.name === 'sep') input.next += 1
  return body
}

/** `<#assign a = 1 b = 2>`, or `<#assign a>…</#assign>` */
function readAssign(token: Named, reach: Reach, input: Input): Node[] {
  const { at, rest, isEmpty } = token
  const reader = readerOf(rest)
  const nodes: Node[] = []
  do {
    const name = expectName(reader, 'the name of a variable')
    if (!takeNext(reader, /=(?!=)/y)) {
      if (isEmpty || nodes.length > 0) input.fail(token, '{what} gives {name} no value', { name })
      expectEnd(reader)
      return [{ kind: 'capture', name, body: bodyOf(token, input), reach, at }]
    }
    nodes.push({ kind: 'assign', name, value: readExpression(reader), reach, at })
    takeNext(reader, /,/y)
  } while (!isAtEnd(reader))
  return nodes
}

/** `<#import "lib" as lib>` */
function readImport(token: Named, input: Input): Node {
  const reader = readerOf(token.rest)
  const template = templateIn(reader, token, input)
  expect(reader, /as\b/y, 'as')
  const name = expectName(reader, 'a name')
  return { kind: 'import', template, name, at: token.at }
}

function templateIn(reader: Reader, token: Named, input: Input): string {
  const text = readExpression(reader)
  return text.kind === 'text' ? text.value : input.fail(token, '{what} names no template in quotes')
}

/** `<#escape x as x?html>`: values are escaped in HTML anyway. */
function readEscape(token: Named, input: Input): readonly Node[] {
  const reader = readerOf(token.rest)
  const name = takeName(reader)
  expect(reader, /as\b/y, 'as')
  const how = readExpression(reader)
  const isHtml =
    how.kind === 'built-in' &&
    ['html', 'xhtml', 'xml'].includes(how.name) &&
    how.of.kind === 'name' &&
    how.of.name === name
  if (!isHtml) input.fail(token, '{what} escapes otherwise than ?html')
  return bodyOf(token, input)
}
