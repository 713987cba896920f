import type { Expression } from './expression.ts'
import type { At } from './source.ts'

/** A FreeMarker template, as far as it has a counterpart in Liquid. */
export type Node = { readonly at: At } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Expression }
  | {
      readonly kind: 'if'
      readonly branches: readonly Branch[]
      readonly otherwise: readonly Node[] | undefined
    }
  | {
      readonly kind: 'list'
      readonly items: Expression
      /** The variable; a key and a value for a hash; none where `items` within names it. */
      readonly names: readonly string[]
      readonly body: readonly Node[]
      readonly otherwise: readonly Node[] | undefined
    }
  | { readonly kind: 'items'; readonly names: readonly string[]; readonly body: readonly Node[] }
  /** Between the items of a list. */
  | { readonly kind: 'sep'; readonly body: readonly Node[] }
  | { readonly kind: 'break' | 'continue' }
  | {
      readonly kind: 'assign'
      readonly name: string
      readonly value: Expression
      readonly reach: Reach
    }
  | {
      readonly kind: 'capture'
      readonly name: string
      readonly body: readonly Node[]
      readonly reach: Reach
    }
  | {
      readonly kind: 'switch'
      readonly value: Expression
      readonly cases: readonly Case[]
    }
  | ({ readonly kind: 'macro' } & Macro)
  | {
      readonly kind: 'call'
      /** `lib.macro` */
      readonly path: readonly string[]
      readonly named: readonly (readonly [name: string, value: Expression])[]
      readonly positional: readonly Expression[]
      readonly body: readonly Node[] | undefined
    }
  /** Writes the body of the call. */
  | { readonly kind: 'nested' }
  | { readonly kind: 'import'; readonly template: string; readonly name: string }
  | { readonly kind: 'include'; readonly template: string }
  /** A setting of FreeMarker, such as the locale. */
  | { readonly kind: 'setting'; readonly name: string }
)

/** Where a variable is known: in its template (`assign`), in all of them, or in its macro. */
export type Reach = 'assign' | 'global' | 'local'

export interface Branch {
  readonly condition: Expression
  readonly body: readonly Node[]
}

export interface Case {
  /** Undefined for the default. */
  readonly value: Expression | undefined
  /** Without the `break` that ends it. */
  readonly body: readonly Node[]
  readonly isEnded: boolean
  readonly at: At
}

export interface Macro {
  readonly name: string
  readonly parameters: readonly (readonly [name: string, otherwise: Expression | undefined])[]
  readonly body: readonly Node[]
}
