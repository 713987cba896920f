import type { Expression } from '../freemarker/expression.ts'
import { type At, Untranslatable } from '../freemarker/source.ts'
import type { Node } from '../freemarker/tree.ts'
import { dateInWords } from './built-in-value.ts'
import { filtered, type Value, variable, written } from './liquid.ts'
import { namespaceOf } from './scope.ts'
import { writeIf, writeItems, writeList, writeSep, writeSwitch } from './write-blocks.ts'
import { writeCall, writeImport, writeInclude } from './write-call.ts'
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
      if (node.kind === 'break' && writer.scope.isInSwitch) {
        throw new Untranslatable(at, '<#break> ends its case only at the end of it')
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
      writer.gathered.notes.push({
        at,
        text: `the setting ${node.name} is left out: each reader has their own language and time zone`,
      })
      break
    default:
      // Macros and captured parts are written where they are used.
      break
  }
}

function writeOutput(expression: Expression, at: At, writer: Writer): void {
  const part = partIn(expression, writer)
  if (part !== undefined) writer.write(part)
  else if (isTitle(expression)) {
    add(writer, { kind: 'output', liquid: '{{ title }}', inText: writer.title, at })
  } else {
    const value = translating(writer, at).value(expression)
    add(writer, { kind: 'output', liquid: `{{ ${written(shown(value))} }}`, at })
  }
}

/** A value as FreeMarker writes it: numbers and dates as their language does. */
function shown(value: Value): Value {
  const { base, filters, type, isKnown = false } = value
  // Nothing is written of what is missing, without a default too.
  const isVain = isKnown && filters.length === 1 && filters[0] === 'default: ""'
  const own = isVain ? { base, filters: [], type } : value
  switch (type) {
    case 'number':
      return filtered(own, ['number'])
    case 'date':
    case 'time':
    case 'datetime':
      return dateInWords(own)
    default:
      return own
  }
}

/** The part of the template that a variable holds: `<#assign x>…</#assign>`. */
function partIn(expression: Expression, { scope }: Writer): readonly Node[] | undefined {
  if (expression.kind === 'name') {
    return scope.locals.has(expression.name)
      ? undefined
      : scope.namespace.captured.get(expression.name)
  }
  if (expression.kind !== 'member') return undefined
  return namespaceOf(expression.of, scope)?.captured.get(expression.name)
}

/** `_notification.title`: ECOS's name for the title of the notification itself. */
function isTitle(expression: Expression): boolean {
  if (expression.kind !== 'member' || expression.name !== 'title') return false
  return expression.of.kind === 'name' && expression.of.name === '_notification'
}

function writeAssign({ at, name, value }: Extract<Node, { kind: 'assign' }>, writer: Writer): void {
  const { scope } = writer
  if (scope.namespace.captured.has(name)) {
    throw new Untranslatable(at, `${name} is given a part of the template, and a value too`)
  }
  const assigned = translating(writer, at).value(value)
  const own = scope.namespace.prefix + variable(name)
  const { types } = scope
  types.set(own, types.has(own) && types.get(own) !== assigned.type ? undefined : assigned.type)
  add(writer, { kind: 'do', liquid: `{% assign ${own} = ${written(assigned)} %}`, at })
}
