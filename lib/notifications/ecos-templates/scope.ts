import type { Expression } from '../freemarker/expression.ts'
import { type At, Untranslatable } from '../freemarker/source.ts'
import type { Macro, Node } from '../freemarker/tree.ts'
import { attributeValue } from './attribute-value.ts'
import { plain, type Type, type Value, variable } from './liquid.ts'

/** The names of one template: its own, or those of one that it imports. */
export interface Namespace {
  /** Before the names of its variables. */
  readonly prefix: string
  readonly macros: Map<string, Macro>
  /** The variables that it assigns, and where. */
  readonly assigned: ReadonlyMap<string, readonly Extract<Node, { kind: 'assign' }>[]>
  /** Variables that hold a part of the template, which is written where they are. */
  readonly captured: Map<string, readonly Node[]>
  readonly imported: Map<string, Namespace>
}

/** An artifact's `model`: attributes by name. */
export interface Model {
  readonly attributes: Readonly<Record<string, string>>
  /** What leads to the record in the event's attributes: nothing, or `record`. */
  readonly record: string
}

/** What names mean at one place of a template. */
export interface Scope {
  readonly model: Model
  readonly namespace: Namespace
  /** Variables of loops and macros. */
  readonly locals: ReadonlyMap<string, Value>
  /** The variables of the innermost macro in Liquid: its parameters, and what `<#local>` assigns. */
  readonly own?: ReadonlyMap<string, string>
  /** The innermost loop's variable. */
  readonly loop?: string | undefined
  /** Whether a switch is around more closely than a loop. */
  readonly isInSwitch?: boolean
  /** Whether this is what an imported template defines. */
  readonly isImported?: boolean
  /** The kinds of assigned variables, by their names in Liquid. */
  readonly types: Map<string, Type | undefined>
}

/** What the reading of a name needs. */
interface Names {
  readonly scope: Scope
  given(at: At, name: string, attribute: string): void
}

/** @throws Untranslatable for a name that is neither in the model nor assigned */
export function resolve(name: string, at: At, names: Names): Value {
  const { locals, namespace, types, model } = names.scope
  const local = locals.get(name)
  if (local !== undefined) {
    return types.has(local.base) ? { ...local, type: types.get(local.base) } : local
  }
  if (namespace.assigned.has(name)) {
    const own = namespace.prefix + variable(name)
    return plain(own, types.get(own))
  }
  if (Object.hasOwn(model.attributes, name)) return modelValue(name, at, names)
  // The old service's templates for push had the event itself.
  if (name === 'event' || name === 'customData') return plain(name)
  if (namespace.captured.has(name)) {
    throw new Untranslatable(at, '"{name}" is a part of the template, which can only be written', {
      name,
    })
  }
  throw new Untranslatable(at, '"{name}" is neither in the artifact\'s model nor assigned', {
    name,
  })
}

/** The value of a name in the model, whatever the template assigns. */
export function modelValue(name: string, at: At, { scope, given }: Names): Value {
  const { attributes, record } = scope.model
  const attribute = attributes[name] ?? ''
  const found = attributeValue(name, attribute, record)
  if ('problem' in found) {
    const { problem } = found
    throw new Untranslatable(at, '"{name}" can\'t be asked for: {problem}', { name, problem })
  }
  if (found.isGiven) given(at, name, attribute)
  return found.value
}

/** The namespace that an expression names: `lib` of `lib.mail`. */
export function namespaceOf(
  expression: Expression,
  { namespace, locals }: Scope,
): Namespace | undefined {
  if (expression.kind !== 'name' || locals.has(expression.name)) return undefined
  return namespace.imported.get(expression.name)
}
