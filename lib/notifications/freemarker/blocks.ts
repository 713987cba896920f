import type { Values } from '../../fill.ts'
import type { Problem } from './problems.ts'
import type { Untranslatable } from './source.ts'
import type { Token } from './token.ts'
import type { Node } from './tree.ts'

export type Directive = Extract<Token, { kind: 'directive' | 'call' }>
export type Named = Extract<Token, { kind: 'directive' }>

/** The tokens of a template, and where its reading is. */
export interface Input {
  readonly tokens: readonly Token[]
  next: number
  depth: number
  /** What was left out. */
  readonly faults: Untranslatable[]
  /** Reads until the end or a divider of the directive around. */
  readonly readBlock: (input: Input) => Node[]
  /** @throws Untranslatable */
  readonly fail: (token: Token, problem: Problem, values?: Values) => never
}

/** The body of a directive without dividers, and its end. */
export function bodyOf(token: Directive, input: Input): Node[] {
  const body = input.readBlock(input)
  end(token, input)
  return body
}

/** Takes the directive's end. */
export function end(token: Directive, input: Input): void {
  const name = token.kind === 'call' ? '@' : token.name
  const closing = input.tokens[input.next]
  if (closing?.kind !== 'end' || closing.name !== name) input.fail(token, '{what} is not closed')
  input.next += 1
}

/** Takes a divider of the directive around, if one is next. */
export function takeDivider(names: readonly string[], input: Input): Named | undefined {
  const token = input.tokens[input.next]
  if (token?.kind !== 'directive' || !names.includes(token.name)) return undefined
  input.next += 1
  return token
}
