import type { Directive, Input } from './blocks.ts'
import { readDirective } from './directives.ts'
import { readCall } from './read-call.ts'
import { expressionIn } from './read-expression.ts'
import { type Source, Untranslatable } from './source.ts'
import { type Token, tokensOf } from './tokens.ts'
import type { Node } from './tree.ts'

/** Directives within one another at most. */
const maxDepth = 100

/** Directives that divide the one around them. Only that one reads them. */
const dividers: readonly string[] = ['else', 'elseif', 'case', 'default']

/**
 * Parses a FreeMarker template (2.3, with `<#…>` and `${…}`).
 *
 * @throws Untranslatable for a directive that is unknown, has no counterpart in Liquid, or is not closed
 */
export function parse(source: Source): Node[] {
  const input: Input = { tokens: tokensOf(source), next: 0, depth: 0, readBlock, fail }
  const nodes = readBlock(input)
  const rest = input.tokens[input.next]
  if (rest !== undefined) throw new Untranslatable(rest.at, `${nameOf(rest)} has no beginning`)
  return nodes
}

/** Reads until the end or a divider of the directive around. */
function readBlock(input: Input): Node[] {
  const nodes: Node[] = []
  for (let token = input.tokens[input.next]; token; token = input.tokens[input.next]) {
    if (token.kind === 'end') break
    if (token.kind === 'directive' && dividers.includes(token.name)) break
    input.next += 1
    nodes.push(...readNode(token, input))
  }
  return nodes
}

function readNode(token: Exclude<Token, { kind: 'end' }>, input: Input): readonly Node[] {
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

function fail(token: Token, problem: string): never {
  throw new Untranslatable(token.at, `${nameOf(token)} ${problem}`)
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
