import type { Expression } from '../freemarker/expression.ts'
import type { Problem } from '../freemarker/problems.ts'
import type { At } from '../freemarker/source.ts'
import type { Condition } from './condition.ts'
import type { Value } from './liquid.ts'
import type { Scope } from './scope.ts'

/** What the translation of expressions needs of the template around them. */
export interface Translating {
  readonly scope: Scope
  /** The values of ECOS's configuration by key. */
  readonly config: Readonly<Record<string, string>>
  value(expression: Expression): Value
  condition(expression: Expression): Condition
  /** A condition as one row of Liquid. */
  row(condition: Condition): string
  /** A value without filters: with them, a variable is made of it first. */
  atom(value: Value): string
  /** Makes a variable of what Liquid can't have within an expression. @param make its tags */
  variable(make: (name: string) => string): string
  /** Tells what is different in Liquid, or has to be done. */
  note(at: At, problem: Problem): void
  /** A variable that a subscription has to give. */
  given(at: At, name: string, attribute: string): void
}
