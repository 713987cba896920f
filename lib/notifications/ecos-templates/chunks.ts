import { decodeHTMLStrict } from 'entities/decode'
import type { At } from '../freemarker/source.ts'

/** A part of a translated template: a text, or Liquid. */
export type Chunk = { readonly at: At } & (
  | { readonly kind: 'text'; readonly text: string }
  /** Writes a value. @property inText how it is written where that differs for texts */
  | { readonly kind: 'output'; readonly liquid: string; readonly inText?: string }
  /** Makes a variable for what follows it directly. */
  | { readonly kind: 'prepare'; readonly liquid: string }
  /** Assigns a variable, breaks off a loop. */
  | { readonly kind: 'do'; readonly liquid: string }
  /** The tags of a block: its beginning, what divides it, its end. */
  | { readonly kind: 'open' | 'divide' | 'close'; readonly liquid: string }
)

/** Liquid of a template whose text stays as it is. */
export function liquidOf(chunks: readonly Chunk[]): string {
  return chunks.map((one) => (one.kind === 'text' ? escaped(one.text) : one.liquid)).join('')
}

/** Text that Liquid would read as its own. */
export function escaped(text: string): string {
  return text.replace(/\{(?=[{%]|$)/g, "{{ '{' }}")
}

/** Text in which HTML's character references stand for themselves. */
export function decoded(text: string): string {
  return text.replace(/&#?\w+;/g, (entity) => decodeHTMLStrict(entity))
}
