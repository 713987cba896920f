import type { Values } from '../../fill.ts'
import type { Directive, Input } from './blocks.ts'
import { readDirective } from './directives.ts'
import type { Problem } from './problems.ts'
import { readCall } from './read-call.ts'
import { expressionIn } from './read-expression.ts'
import { type Source, Untranslatable } from './source.ts'
import type { Token } from './token.ts'
import { tokensOf } from './tokens.ts'
import type { Node } from './tree.ts'

/** Directives within one another at most. */
const maxDepth = 100

/** Faults of one template at most: more would be noise. */
const maxFaults = 100

/** Directives that divide the one around them. Only that one reads them. */
const dividers: readonly string[] = ['else', 'elseif', 'case', 'default']

export interface Parsed {
  /** What could be read. */
  readonly nodes: readonly Node[]
  /** Directives that are unknown, have no counterpart in Liquid, or are not closed; what is no expression. */
  readonly faults: readonly Untranslatable[]
}

/** Parses a FreeMarker template (2.3, with `<#…>` and `${…}`). Its faults are known at once. */
export function parseAll(source: Source): Parsed {
  const faults: Untranslatable[] = []
  const nodes: Node[] = []
  const tokens = tokensOf(source, faults)
  const input: Input = { tokens, next: 0, depth: 0, faults, readBlock, fail }
  try {
    readInto(nodes, input)
    for (let rest = tokens[input.next]; rest !== undefined; rest = tokens[input.next]) {
      faults.push(new Untranslatable(rest.at, '{what} has no beginning', { what: nameOf(rest) }))
      input.next += 1
      readInto(nodes, input)
    }
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error
    faults.push(error)
  }
  return { nodes, faults }
}

/** @throws Untranslatable for the first fault */
export function parse(source: Source): readonly Node[] {
  const { nodes, faults } = parseAll(source)
  if (faults[0] !== undefined) throw faults[0]
  return nodes
}

function readBlock(input: Input): Node[] {
  const nodes: Node[] = []
  readInto(nodes, input)
  return nodes
}

/** Reads until the end or a divider of the directive around. */
function readInto(nodes: Node[], input: Input): void {
  for (let token = input.tokens[input.next]; token; token = input.tokens[input.next]) {
    if (token.kind === 'end') break
    if (token.kind === 'directive' && dividers.includes(token.name)) break
    input.next += 1
    nodes.push(...readOrLeaveOut(token, input))
  }
}

type Content = Exclude<Token, { kind: 'end' }>

/** What is at fault is left out, unless it has a part of the template within: that would be read wrongly. */
function readOrLeaveOut(token: Content, input: Input): readonly Node[] {
  const { depth, faults } = input
  try {
    return readNode(token, input)
  } catch (error) {
    const isLast = faults.length >= maxFaults || isClosedLater(token, input)
    if (!(error instanceof Untranslatable) || isLast) throw error
    faults.push(error)
    input.depth = depth
    return assignedIn(token)
  }
}

function isClosedLater(token: Content, { tokens, next }: Input): boolean {
  if (token.kind !== 'directive' && token.kind !== 'call') return false
  const name = token.kind === 'call' ? '@' : token.name
  return tokens.some((one, at) => at >= next && one.kind === 'end' && one.name === name)
}

/** The variables of an assignment at fault, so that they are not unknown, too. */
function assignedIn(token: Content): Node[] {
  if (token.kind !== 'directive' || !/^(assign|global|local)$/.test(token.name)) return []
  const { at, rest } = token
  const text = rest.source.text.slice(rest.from, rest.to)
  return [...text.matchAll(/([\p{L}_$@][\p{L}\p{N}_$@]*)\s*[-+*/%]?=(?!=)/gu)].map(
    ([, name = '']) => {
      const value = { kind: 'text', value: '', at } as const
      return { kind: 'assign', name, value, reach: 'assign', at }
    },
  )
}

function readNode(token: Content, input: Input): readonly Node[] {
  const { at } = token
  switch (token.kind) {
    case 'text':
      return [{ kind: 'text', text: token.text, at }]
    case 'output':
      return [{ kind: 'output', value: expressionIn(token.rest), at }]
    default:
      return nested(token, input)
  }
}

function nested(token: Directive, input: Input): readonly Node[] {
  input.depth += 1
  if (input.depth > maxDepth) throw new Untranslatable(token.at, 'directives are nested too deeply')
  const nodes = token.kind === 'call' ? [readCall(token, input)] : readDirective(token, input)
  input.depth -= 1
  return nodes
}

function fail(token: Token, problem: Problem, values: Values = {}): never {
  throw new Untranslatable(token.at, problem, { ...values, what: nameOf(token) })
}

function nameOf(token: Token): string {
  switch (token.kind) {
    case 'directive':
      return `<#${token.name}>`
    case 'end':
      return token.name === '@' ? '</@>' : `</#${token.name}>`
    case 'call':
      return '<@…>'
    default:
      return token.kind
  }
}
