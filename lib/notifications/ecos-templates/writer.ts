import { type At, Untranslatable } from '../freemarker/source.ts'
import type { Node } from '../freemarker/tree.ts'
import type { Chunk } from './chunks.ts'
import { rowOf } from './condition.ts'
import { conditionOf } from './conditions.ts'
import type { Remark } from './faults.ts'
import type { Library } from './library.ts'
import { type Value, written } from './liquid.ts'
import type { Scope } from './scope.ts'
import type { Translating } from './translating.ts'
import { valueIn } from './values.ts'

/** What the translation of a template gathers. */
export interface Gathered {
  readonly chunks: Chunk[]
  readonly faults: Untranslatable[]
  readonly notes: (Remark & { readonly at: At })[]
  /** Variables that a subscription has to give, with what they were in ECOS. */
  readonly given: Map<string, string>
  /** The number of variables that were made. */
  made: number
  /** The number of nodes that were written, those of a macro with each of its calls. */
  nodes: number
}

/** Translates nodes at one place of a template. */
export interface Writer {
  readonly gathered: Gathered
  readonly scope: Scope
  readonly library: Library
  /** The translated title of the notification, of which Liquid's model has a `title` in HTML alone. */
  readonly title: string
  /** The body of the call around, and how it is written. */
  readonly nested?: () => void
  /** Macros and templates within one another. */
  readonly depth: number
  readonly config: Readonly<Record<string, string>>
  /** The same writer with some changes. */
  with(changes: Partial<Writer>): Writer
  /** Writes nodes with names of their own. */
  write(nodes: readonly Node[], changes?: Partial<Scope>): void
}

/** Macros that call one another could make a template of any length. */
const maxNodes = 50_000

/** @throws Untranslatable, also through `orFault`, once too many were written */
export function countNode({ gathered }: Pick<Writer, 'gathered'>, at: At): void {
  gathered.nodes += 1
  if (gathered.nodes > maxNodes) throw new Untranslatable(at, 'the template becomes too long')
}

export function add({ gathered: { chunks } }: Writer, chunk: Chunk): void {
  chunks.push(chunk)
}

/** A name that no variable of a template has: see `variable`. */
export function generated(name: string, { gathered }: Pick<Writer, 'gathered'>): string {
  gathered.made += 1
  return `${name}_${gathered.made}`
}

/** The translation of expressions at a place: what has to come before goes into the template at once. */
export function translating({ gathered, scope, config }: Writer, at: At): Translating {
  const t: Translating = {
    scope,
    config,
    value: (expression) => valueIn(expression, t),
    condition: (expression) => conditionOf(expression, t),
    row: (condition) =>
      rowOf(condition, (row) => t.variable((name) => `{% assign ${name} = ${row} %}`)),
    atom: (value: Value) =>
      value.filters.length === 0
        ? value.base
        : t.variable((name) => `{% assign ${name} = ${written(value)} %}`),
    variable(make) {
      const name = generated('value', { gathered })
      gathered.chunks.push({ kind: 'prepare', liquid: make(name), at })
      return name
    },
    note: (place, problem) => gathered.notes.push({ at: place, problem }),
    given: (_, name, attribute) => gathered.given.set(name, attribute),
  }
  return t
}

/** Goes on behind what can't be translated, so that all of it is known at once. */
export function orFault(writer: Writer, write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof Untranslatable) || writer.gathered.nodes > maxNodes) throw error
    writer.gathered.faults.push(error)
  }
}
