import { ownValue } from '../../own-value.ts'
import type { Expression } from '../freemarker/expression.ts'
import type { Problem } from '../freemarker/problems.ts'
import { type At, Untranslatable } from '../freemarker/source.ts'
import type { Node } from '../freemarker/tree.ts'
import { eitherType, type Value, written } from './liquid.ts'
import { namespaceOf, type Scope } from './scope.ts'
import { shown } from './shown.ts'
import { assignedName, requireUnchanging } from './variables.ts'
import { writeIf, writeItems, writeList, writeSep, writeSwitch } from './write-blocks.ts'
import { deeper, writeCall, writeImport, writeInclude } from './write-call.ts'
import { add, translating, type Writer } from './writer.ts'

/** Writes one node. @throws Untranslatable */
export function writeNode(node: Node, writer: Writer): void {
  const { at } = node
  switch (node.kind) {
    case 'text':
      add(writer, { kind: 'text', text: node.text, at })
      break
    case 'output':
      writeOutput(node.value, at, writer)
      break
    case 'if':
      writeIf(node, writer)
      break
    case 'list':
      writeList(node, writer)
      break
    case 'items':
      writeItems(node, writer)
      break
    case 'sep':
      writeSep(node, writer)
      break
    case 'switch':
      writeSwitch(node, writer)
      break
    case 'break':
    case 'continue':
      if (writer.scope.isInSwitch) {
        const what = `<#${node.kind}>`
        throw new Untranslatable(at, '{what} ends its case only at the end of it', { what })
      }
      add(writer, { kind: 'do', liquid: `{% ${node.kind} %}`, at })
      break
    case 'assign':
      writeAssign(node, writer)
      break
    case 'call':
      writeCall(node, writer)
      break
    case 'nested':
      writer.nested?.()
      break
    case 'import':
      writeImport(node, writer)
      break
    case 'include':
      writeInclude(node, writer)
      break
    case 'setting':
      writeSetting(node, writer)
      break
    case 'capture':
      // It is written where it is used.
      requireUnchanging(node, writer.scope)
      break
    case 'macro':
      // It is written where it is called.
      if (writer.scope.namespace.macros.get(node.name) !== node) {
        const { name } = node
        throw new Untranslatable(at, 'the macro "{name}" is defined more than once', { name })
      }
      break
  }
}

/** Formats that would be lost, and would be seen. */
const formats: Readonly<Record<string, Problem>> = {
  number_format: 'the setting {name}: numbers are written as their language does, or with ?c',
  boolean_format: 'the setting {name}: write the words with ?string("yes", "no")',
}

function writeSetting({ at, name }: Extract<Node, { kind: 'setting' }>, writer: Writer): void {
  const problem = ownValue(formats, name)
  if (problem !== undefined) throw new Untranslatable(at, problem, { name })
  writer.gathered.notes.push({
    at,
    problem: 'the setting {name} is left out: each reader has their own language and time zone',
    values: { name },
  })
}

function writeOutput(expression: Expression, at: At, writer: Writer): void {
  const part = partIn(expression, writer)
  if (part !== undefined) deeper(writer, at).write(part.body, part.scope)
  else if (isTitle(expression)) {
    add(writer, { kind: 'output', liquid: '{{ title }}', inText: writer.title, at })
  } else {
    const value = translating(writer, at).value(expression)
    add(writer, {
      kind: 'output',
      liquid: `{{ ${written(shown(withoutVainDefault(value)))} }}`,
      at,
    })
  }
}

/** Nothing is written of what is missing, without a default too. */
function withoutVainDefault(value: Value): Value {
  const { base, filters, type, isKnown = false } = value
  const isVain = isKnown && filters.length === 1 && filters[0] === 'default: ""'
  return isVain ? { base, filters: [], type } : value
}

/** The part of the template that a variable holds: `<#assign x>…</#assign>`. */
function partIn(expression: Expression, { scope }: Writer): Part | undefined {
  if (expression.kind !== 'name' && expression.kind !== 'member') return undefined
  const { name } = expression
  if (expression.kind === 'name') {
    const own = scope.locals.has(name) ? undefined : scope.namespace.captured.get(name)
    return own && { body: own, scope: {} }
  }
  const namespace = namespaceOf(expression.of, scope)
  const body = namespace?.captured.get(name)
  if (namespace === undefined || body === undefined) return undefined
  // Its names are those of the template that keeps it.
  return { body, scope: { namespace, locals: new Map(), loop: undefined } }
}

interface Part {
  readonly body: readonly Node[]
  readonly scope: Partial<Scope>
}

/** `_notification.title`: ECOS's name for the title of the notification itself. */
function isTitle(expression: Expression): boolean {
  if (expression.kind !== 'member' || expression.name !== 'title') return false
  return expression.of.kind === 'name' && expression.of.name === '_notification'
}

function writeAssign(node: Extract<Node, { kind: 'assign' }>, writer: Writer): void {
  const { at, value } = node
  const assigned = translating(writer, at).value(value)
  const own = assignedName(node, writer.scope)
  const { types } = writer.scope
  types.set(own, types.has(own) ? eitherType(types.get(own), assigned.type) : assigned.type)
  add(writer, { kind: 'do', liquid: `{% assign ${own} = ${written(assigned)} %}`, at })
}
