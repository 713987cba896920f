import type { At } from './source.ts'

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/' | '%'

/** A FreeMarker expression. */
export type Expression = { readonly at: At } & (
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'name'; readonly name: string }
  /** `a.b` */
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  /** `a[b]` */
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'call'; readonly of: Expression; readonly arguments: readonly Expression[] }
  /** `a?trim` */
  | { readonly kind: 'built-in'; readonly of: Expression; readonly name: string }
  /** `a!b`, or `a!` */
  | {
      readonly kind: 'default'
      readonly of: Expression
      readonly otherwise: Expression | undefined
    }
  /** `a??` */
  | { readonly kind: 'exists'; readonly of: Expression }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'comparison'
      readonly operator: Comparison
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'arithmetic'
      readonly operator: Arithmetic
      readonly left: Expression
      readonly right: Expression
    }
  /** `"a ${b}"` */
  | { readonly kind: 'joined'; readonly parts: readonly Expression[] }
  | { readonly kind: 'sequence'; readonly items: readonly Expression[] }
  /** `a..b` */
  | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
)
