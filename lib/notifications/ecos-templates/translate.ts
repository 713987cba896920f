import { Untranslatable } from '../freemarker/source.ts'
import type { Node } from '../freemarker/tree.ts'
import { definitionsIn, type Library } from './library.ts'
import { variable, written } from './liquid.ts'
import { type Model, modelValue, type Scope } from './scope.ts'
import { writeNode } from './write-nodes.ts'
import { add, countNode, type Gathered, orFault, translating, type Writer } from './writer.ts'

export interface TranslateOptions {
  readonly model: Model
  readonly library: Library
  readonly config: Readonly<Record<string, string>>
  /** The title in Liquid, where it is translated already. */
  readonly title?: string
}

/** Translates a template. Its faults are in what is gathered. */
export function translate(nodes: readonly Node[], options: TranslateOptions): Gathered {
  const { config, library, model, title = '' } = options
  const gathered: Gathered = {
    chunks: [],
    faults: [],
    notes: [],
    given: new Map(),
    made: 0,
    nodes: 0,
  }
  const namespace = { prefix: '', ...definitionsIn(nodes, library), imported: new Map() }
  const scope: Scope = { model, namespace, locals: new Map(), types: new Map() }
  const writer = writerWith({ gathered, scope, library, title, config, depth: 0 })
  try {
    assignModel(nodes, writer)
    writer.write(nodes)
    return gathered
  } catch (error) {
    // It became too long: what else is wrong is not known.
    if (error instanceof Untranslatable) return { ...gathered, faults: [error] }
    throw error
  }
}

function writerWith(state: Omit<Writer, 'with' | 'write'>): Writer {
  const writer: Writer = {
    ...state,
    with: (changes) => writerWith({ ...state, ...changes }),
    write(nodes, changes = {}) {
      const inner = writerWith({ ...state, scope: { ...state.scope, ...changes } })
      for (const node of nodes) {
        countNode(inner, node.at)
        orFault(inner, () => writeNode(node, inner))
      }
    },
  }
  return writer
}

/** A variable of the model that the template changes begins with the model's value. */
function assignModel([first]: readonly Node[], writer: Writer): void {
  const { scope } = writer
  const { namespace, model, types } = scope
  for (const name of namespace.assigned.keys()) {
    if (first === undefined || !Object.hasOwn(model.attributes, name)) continue
    orFault(writer, () => {
      const { at } = first
      const value = modelValue(name, at, translating(writer, at))
      types.set(variable(name), value.type)
      add(writer, { kind: 'do', liquid: `{% assign ${variable(name)} = ${written(value)} %}`, at })
    })
  }
}
