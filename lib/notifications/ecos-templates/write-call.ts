import { type At, Untranslatable } from '../freemarker/source.ts'
import type { Macro, Node } from '../freemarker/tree.ts'
import { definitionsIn, within } from './library.ts'
import { plain, type Value, variable, written } from './liquid.ts'
import { type Namespace, namespaceOf, resolve } from './scope.ts'
import { add, generated, translating, type Writer } from './writer.ts'

type Of<Kind extends Node['kind']> = Extract<Node, { kind: Kind }>

/** Macros and templates within one another at most. */
const maxDepth = 20

/** Writes a macro's body in place of its call. */
export function writeCall(node: Of<'call'>, writer: Writer): void {
  const { at, body, path } = node
  const { macro, namespace } = macroOf(path, at, writer)
  const { types } = writer.scope
  const locals = new Map<string, Value>()
  const inner = writer.with({ scope: { ...writer.scope, locals, namespace, loop: undefined } })
  const give = (name: string, value: Value) => {
    // A variable for each call: another call may stand within this one.
    const own = generated(`${variable(macro.name)}_${variable(name)}`, writer)
    // A local variable has no kind before its first value.
    if (value.base !== 'nil') types.set(own, value.type)
    locals.set(name, plain(own))
    add(writer, { kind: 'do', liquid: `{% assign ${own} = ${written(value)} %}`, at })
  }
  const named = new Map(node.named)
  const given = macro.parameters.map(([name], index) => named.get(name) ?? node.positional[index])
  macro.parameters.forEach(([name], index) => {
    const value = given[index]
    if (value !== undefined) give(name, translating(writer, at).value(value))
  })
  macro.parameters.forEach(([name, otherwise], index) => {
    const isMissing = given[index] === undefined
    if (isMissing && otherwise) give(name, translating(inner, at).value(otherwise))
  })
  for (const name of localsIn(macro.body)) {
    // Until it gets a value, it is what the name means outside.
    if (!locals.has(name)) give(name, outer(name, at, inner))
  }
  const own = new Map([...locals].map(([name, { base }]) => [name, base]))
  const nested = () => {
    if (body !== undefined) writer.write(body)
  }
  deeper(inner, at, { nested }).write(macro.body, { own })
}

/** The variables that a macro gives a value of their own. */
function localsIn(nodes: readonly Node[]): Set<string> {
  const names = nodes.flatMap((node) => [
    ...(node.kind === 'assign' && node.reach === 'local' ? [node.name] : []),
    ...within(node).flatMap((inner) => [...localsIn(inner)]),
  ])
  return new Set(names)
}

function outer(name: string, at: At, writer: Writer): Value {
  const { assigned, captured } = writer.scope.namespace
  const isKnown = assigned.has(name) || Object.hasOwn(writer.scope.model.attributes, name)
  return isKnown && !captured.has(name) ? resolve(name, at, translating(writer, at)) : plain('nil')
}

function macroOf(
  path: readonly string[],
  at: At,
  { scope }: Writer,
): { macro: Macro; namespace: Namespace } {
  const [first = '', second] = path
  const namespace =
    second === undefined
      ? scope.namespace
      : namespaceOf({ kind: 'name', name: first, at }, { ...scope, locals: new Map() })
  const macro = namespace?.macros.get(second ?? first)
  if (namespace === undefined || macro === undefined || path.length > 2) {
    throw new Untranslatable(at, 'there is no macro "{name}"', { name: path.join('.') })
  }
  return { macro, namespace }
}

/** Makes the names of another template known, and writes what it assigns. */
export function writeImport({ at, name, template }: Of<'import'>, writer: Writer): void {
  const nodes = writer.library.find(template, at)
  const prefix = `${writer.scope.namespace.prefix}${variable(name)}_`
  const namespace = { prefix, ...definitionsIn(nodes, writer.library), imported: new Map() }
  writer.scope.namespace.imported.set(name, namespace)
  deeper(writer, at).write(definingIn(nodes), { namespace, locals: new Map(), isImported: true })
}

/** What defines something, or may: of an imported template nothing else is written. */
function definingIn(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node): Node[] => {
    switch (node.kind) {
      case 'assign':
      case 'capture':
      case 'import':
      case 'include':
      case 'macro':
        return [node]
      case 'if': {
        const branches = node.branches.map((one) => ({ ...one, body: definingIn(one.body) }))
        const otherwise = node.otherwise && definingIn(node.otherwise)
        const isVain = [...branches.map(({ body }) => body), otherwise ?? []].flat().length === 0
        return isVain ? [] : [{ ...node, branches, otherwise }]
      }
      default:
        return []
    }
  })
}

export function writeInclude({ at, template }: Of<'include'>, writer: Writer): void {
  const nodes = writer.library.find(template, at)
  deeper(writer, at).write(writer.scope.isImported ? definingIn(nodes) : nodes)
}

export function deeper(writer: Writer, at: At, changes: Partial<Writer> = {}): Writer {
  const depth = writer.depth + 1
  if (depth > maxDepth)
    throw new Untranslatable(at, 'macros, templates or parts contain one another')
  return writer.with({ ...changes, depth })
}
