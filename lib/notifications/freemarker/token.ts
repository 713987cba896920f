import type { At, Range } from './source.ts'

/** A FreeMarker template in pieces. `rest` is what follows the name of a directive or the `@` of a call. */
export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly at: At }
  | { readonly kind: 'output'; readonly rest: Range; readonly at: At }
  | {
      readonly kind: 'directive'
      readonly name: string
      readonly rest: Range
      /** `<#assign x = 1 />`, `<@macro />` */
      readonly isEmpty: boolean
      readonly at: At
    }
  | { readonly kind: 'call'; readonly rest: Range; readonly isEmpty: boolean; readonly at: At }
  | { readonly kind: 'end'; readonly name: string; readonly at: At }

/** What a template consists of: comments too, which are written nowhere, but stand in lines. */
export type Piece = Token | { readonly kind: 'comment' }
