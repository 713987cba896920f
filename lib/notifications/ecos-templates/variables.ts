import { type At, Untranslatable } from '../freemarker/source.ts'
import type { Node } from '../freemarker/tree.ts'
import { variable } from './liquid.ts'
import type { Namespace, Scope } from './scope.ts'

type Of<Kind extends Node['kind']> = Extract<Node, { kind: Kind }>

/** The name in Liquid of the variable that gets a value. @throws Untranslatable */
export function assignedName({ at, name, reach }: Of<'assign'>, { namespace, own }: Scope): string {
  if (reach === 'local') {
    const local = own?.get(name)
    if (local === undefined) throw new Untranslatable(at, '<#local> is in no macro')
    return local
  }
  if (namespace.captured.has(name)) {
    throw new Untranslatable(at, '{name} is given a part of the template, and a value too', {
      name,
    })
  }
  if (namespace.assigned.get(name)?.some((other) => other.reach !== reach)) {
    throw new Untranslatable(at, '{name} gets values from <#global> and <#assign>: use one', {
      name,
    })
  }
  if (reach === 'global' && namespace.prefix !== '') {
    throw new Untranslatable(at, '<#global> in an artifact that others import: use <#assign>')
  }
  return namespace.prefix + variable(name)
}

/**
 * A part of a template that a variable holds is written where the variable is, not where it is kept.
 *
 * @throws Untranslatable if it would be written otherwise there
 */
export function requireUnchanging({ at, body, name, reach }: Of<'capture'>, scope: Scope): void {
  const { captured } = scope.namespace
  if (reach !== 'assign') {
    throw new Untranslatable(at, '<#{directive}> keeps a part of the template: use <#assign>', {
      directive: reach,
    })
  }
  if (captured.get(name) !== body) {
    throw new Untranslatable(at, '{name} is given more than one part of the template', { name })
  }
  const used = namesUsed(body, scope.namespace)
  for (const one of used) {
    if (one === name) throw new Untranslatable(at, 'macros, templates or parts contain one another')
    const isLocal = scope.locals.has(one)
    if (isLocal || scope.namespace.assigned.get(one)?.some((other) => isAfter(other.at, at))) {
      throw new Untranslatable(
        at,
        '{name} keeps what "{other}" is here, and that changes: write it where it is used',
        { name, other: one },
      )
    }
  }
}

function isAfter(one: At, other: At): boolean {
  return one.source !== other.source || one.offset > other.offset
}

/** The names in a part of a template, and those in the parts and macros that it uses. */
function namesUsed(nodes: readonly Node[], { captured, macros }: Namespace): ReadonlySet<string> {
  const names = new Set<string>()
  const collect = (nodes: readonly Node[]) => {
    for (const name of namesIn(nodes)) {
      if (names.has(name)) continue
      names.add(name)
      collect(captured.get(name) ?? [])
      collect(macros.get(name)?.body ?? [])
    }
  }
  collect(nodes)
  return names
}

/** Names anywhere in a part of the tree: of variables, and of macros that are called. */
function namesIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(namesIn)
  if (typeof part !== 'object' || part === null) return []
  const { at: _, ...rest } = part as { at?: At; kind?: unknown; name?: unknown; path?: unknown }
  const inner = Object.values(rest).flatMap(namesIn)
  if (rest.kind === 'name') return [String(rest.name), ...inner]
  return rest.kind === 'call' && Array.isArray(rest.path) ? [String(rest.path[0]), ...inner] : inner
}
