import { end, type Input, type Named, takeDivider } from './blocks.ts'
import { expressionIn } from './read-expression.ts'
import type { Case, Node } from './tree.ts'

/** Reads a switch. What stands before its first case is never written. */
export function readSwitch(token: Named, input: Input): Node {
  input.readBlock(input)
  const cases: Case[] = []
  for (;;) {
    const divider = takeDivider(['case', 'default'], input)
    if (divider === undefined) break
    const { at, name, rest } = divider
    const all = input.readBlock(input)
    // FreeMarker's <#continue> ends a case, too, and not the turn of a loop around.
    const ending = all.findIndex(({ kind }) => kind === 'break' || kind === 'continue')
    const body = ending < 0 ? all : all.slice(0, ending)
    const value = name === 'case' ? expressionIn(rest) : undefined
    cases.push({ value, body, isEnded: ending >= 0, at })
  }
  end(token, input)
  return { kind: 'switch', value: expressionIn(token.rest), cases, at: token.at }
}
