import { parse } from '../freemarker/parse.ts'
import { type At, type Source, Untranslatable } from '../freemarker/source.ts'
import type { Macro, Node } from '../freemarker/tree.ts'

/** Finds the templates that others import and include. */
export interface Library {
  /** @throws Untranslatable for a template that is not among the artifacts */
  find(name: string, at: At): readonly Node[]
}

/**
 * @param sourceOf the text of an artifact, by its id
 */
export function createLibrary(sourceOf: (id: string) => Source | undefined): Library {
  const parsed = new Map<string, readonly Node[]>()
  return {
    find(name, at) {
      // `notifications/template@lib`, perhaps with a language at its end.
      const id = name.replace(/^.*@/, '')
      const source = sourceOf(id) ?? sourceOf(id.replace(/_[a-z]{2}$/, ''))
      if (source === undefined) {
        throw new Untranslatable(
          at,
          'there is no artifact "{id}" in the folder: import it together with this one',
          { id },
        )
      }
      const nodes = parsed.get(id) ?? parse(source)
      parsed.set(id, nodes)
      return nodes
    },
  }
}

type Assignment = Extract<Node, { kind: 'assign' }>

/** What a template defines, in whatever part of it: macros, variables, and parts that it keeps in a variable. */
export interface Definitions {
  readonly macros: Map<string, Macro>
  /** Where each variable is given a value. */
  readonly assigned: Map<string, readonly Assignment[]>
  readonly captured: Map<string, readonly Node[]>
}

export function definitionsIn(nodes: readonly Node[], library: Library): Definitions {
  const found: Definitions = { macros: new Map(), assigned: new Map(), captured: new Map() }
  const included = new Set<string>()
  const includedBy = (node: Node) => {
    if (node.kind !== 'include' || included.has(node.template)) return []
    included.add(node.template)
    return nodesOf(node.template, node.at, library)
  }
  collect(nodes, found, includedBy)
  return found
}

/** @returns nothing if there is no such template, which is told where it is written */
function nodesOf(name: string, at: At, library: Library): readonly Node[] {
  try {
    return library.find(name, at)
  } catch (error) {
    if (error instanceof Untranslatable) return []
    throw error
  }
}

/** @param includedBy what a node includes, which is as if it stood there */
function collect(
  nodes: readonly Node[],
  found: Definitions,
  includedBy: (node: Node) => readonly Node[],
): void {
  for (const node of nodes) {
    if (node.kind === 'macro' && !found.macros.has(node.name)) found.macros.set(node.name, node)
    if (node.kind === 'assign' && node.reach !== 'local') {
      found.assigned.set(node.name, [...(found.assigned.get(node.name) ?? []), node])
    }
    if (node.kind === 'capture' && node.reach !== 'local' && !found.captured.has(node.name)) {
      found.captured.set(node.name, node.body)
    }
    for (const inner of [...within(node), includedBy(node)]) collect(inner, found, includedBy)
  }
}

/** The parts of a template within a node. */
export function within(node: Node): readonly (readonly Node[])[] {
  switch (node.kind) {
    case 'if':
      return [...node.branches.map(({ body }) => body), node.otherwise ?? []]
    case 'list':
      return [node.body, node.otherwise ?? []]
    case 'switch':
      return node.cases.map(({ body }) => body)
    case 'items':
    case 'sep':
    case 'macro':
    case 'capture':
      return [node.body]
    case 'call':
      return [node.body ?? []]
    default:
      return []
  }
}
