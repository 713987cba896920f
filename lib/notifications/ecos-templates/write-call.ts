import { type At, Untranslatable } from '../freemarker/source.ts'
import type { Macro, Node } from '../freemarker/tree.ts'
import { definitionsIn } from './library.ts'
import { plain, type Value, variable, written } from './liquid.ts'
import { type Namespace, namespaceOf } from './scope.ts'
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
  macro.parameters.forEach(([name, otherwise], index) => {
    const given = new Map(node.named).get(name) ?? node.positional[index] ?? otherwise
    if (given === undefined) return
    const value = translating(writer, at).value(given)
    // A variable for each call: another call may stand within this one.
    const own = generated(`${variable(macro.name)}_${variable(name)}`, writer)
    types.set(own, value.type)
    locals.set(name, plain(own, value.type))
    add(writer, { kind: 'do', liquid: `{% assign ${own} = ${written(value)} %}`, at })
  })
  const nested = () => {
    if (body !== undefined) writer.write(body)
  }
  deeper(writer, at, { nested }).write(macro.body, { locals, namespace, loop: undefined })
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
    throw new Untranslatable(at, `there is no macro "${path.join('.')}"`)
  }
  return { macro, namespace }
}

/** Makes the names of another template known, and writes what it assigns. */
export function writeImport({ at, name, template }: Of<'import'>, writer: Writer): void {
  const nodes = writer.library.find(template, at)
  const prefix = `${writer.scope.namespace.prefix}${variable(name)}_`
  const namespace = { prefix, ...definitionsIn(nodes), imported: new Map() }
  writer.scope.namespace.imported.set(name, namespace)
  const kept = nodes.filter(({ kind }) => kind === 'assign' || kind === 'import')
  deeper(writer, at).write(kept, { namespace, locals: new Map() })
}

export function writeInclude({ at, template }: Of<'include'>, writer: Writer): void {
  const nodes = writer.library.find(template, at)
  const { macros, assigned, captured } = definitionsIn(nodes)
  const { namespace } = writer.scope
  const joined: Namespace = {
    ...namespace,
    macros: new Map([...namespace.macros, ...macros]),
    assigned: new Set([...namespace.assigned, ...assigned]),
    captured: new Map([...namespace.captured, ...captured]),
  }
  deeper(writer, at).write(nodes, { namespace: joined })
}

function deeper(writer: Writer, at: At, changes: Partial<Writer> = {}): Writer {
  const depth = writer.depth + 1
  if (depth > maxDepth) throw new Untranslatable(at, 'macros or templates contain one another')
  return writer.with({ ...changes, depth })
}
