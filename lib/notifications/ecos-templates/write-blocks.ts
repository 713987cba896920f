import type { Expression } from '../freemarker/expression.ts'
import { type At, Untranslatable } from '../freemarker/source.ts'
import type { Case, Node } from '../freemarker/tree.ts'
import { plain, type Value, variable } from './liquid.ts'
import { add, orFault, translating, type Writer } from './writer.ts'

type Of<Kind extends Node['kind']> = Extract<Node, { kind: Kind }>

export function writeIf({ at, branches, otherwise }: Of<'if'>, writer: Writer): void {
  const t = translating(writer, at)
  const rows = branches.map(({ condition }) => {
    let row = 'false'
    orFault(writer, () => {
      row = t.row(t.condition(condition))
    })
    return row
  })
  branches.forEach(({ body }, index) => {
    const [kind, tag] = index === 0 ? (['open', 'if'] as const) : (['divide', 'elsif'] as const)
    add(writer, { kind, liquid: `{% ${tag} ${rows[index]} %}`, at })
    writer.write(body)
  })
  writeElse(otherwise, at, writer)
  add(writer, { kind: 'close', liquid: '{% endif %}', at })
}

function writeElse(nodes: readonly Node[] | undefined, at: At, writer: Writer): void {
  if (nodes === undefined) return
  add(writer, { kind: 'divide', liquid: '{% else %}', at })
  writer.write(nodes)
}

export function writeList(node: Of<'list'>, writer: Writer): void {
  const { at, body, items, names, otherwise } = node
  const sequence = sequenceOf(items, writer)
  if (names.length > 0) {
    writeFor({ names, body, otherwise, at }, sequence, writer)
    return
  }
  // With <#items> within, the list is only a condition.
  add(writer, { kind: 'open', liquid: `{% if ${sequence.base} != blank %}`, at })
  const locals = new Map(writer.scope.locals).set(listed, sequence)
  writer.write(body, { locals })
  writeElse(otherwise, at, writer)
  add(writer, { kind: 'close', liquid: '{% endif %}', at })
}

/** The name under which <#items> finds the sequence of its list. No variable can have it. */
const listed = '<#list>'

export function writeItems({ at, body, names }: Of<'items'>, writer: Writer): void {
  const sequence = writer.scope.locals.get(listed)
  if (sequence === undefined) throw new Untranslatable(at, '<#items> is in no <#list>')
  writeFor({ names, body, otherwise: undefined, at }, sequence, writer)
}

export function writeSep({ at, body }: Of<'sep'>, writer: Writer): void {
  add(writer, { kind: 'open', liquid: '{% unless forloop.last %}', at })
  writer.write(body)
  add(writer, { kind: 'close', liquid: '{% endunless %}', at })
}

function sequenceOf(items: Expression, writer: Writer): Value {
  const t = translating(writer, items.at)
  const value = t.value(items)
  return plain(t.atom(value), value.type)
}

type Loop = Pick<Of<'list'>, 'names' | 'body' | 'otherwise' | 'at'>

function writeFor({ names, body, otherwise, at }: Loop, sequence: Value, writer: Writer): void {
  const [first = '', second] = names
  const item = variable(names.join('_'))
  const values: [string, Value][] =
    second === undefined
      ? [[first, plain(item, sequence.type)]]
      : [
          [first, plain(`${item}[0]`, 'text')],
          [second, plain(`${item}[1]`)],
        ]
  const { locals: before, loop: outer } = writer.scope
  // FreeMarker 2.2's names of a loop. Liquid has those of the innermost one alone.
  const old: [string, Value][] = [[`${first}_index`, plain('forloop.index0', 'number')]]
  const locals = new Map([...before].filter(([name]) => name !== `${outer}_index`))
  for (const [name, value] of [...old, ...values]) locals.set(name, value)
  add(writer, { kind: 'open', liquid: `{% for ${item} in ${sequence.base} %}`, at })
  writer.write(body, { locals, loop: first, isInSwitch: false })
  writeElse(otherwise, at, writer)
  add(writer, { kind: 'close', liquid: '{% endfor %}', at })
}

export function writeSwitch({ at, cases, value }: Of<'switch'>, writer: Writer): void {
  const t = translating(writer, at)
  const groups = grouped(cases)
  const subject = t.atom(t.value(value))
  const values = groups.map(({ of }) => of.map((one) => t.atom(t.value(one))))
  const isCase = areApart(groups, values)
  const tagsOf = (of: readonly string[], index: number) => {
    if (isCase) return `when ${of.join(', ')}`
    const row = of.map((one) => `${subject} == ${one}`).join(' or ')
    return `${index === 0 ? 'if' : 'elsif'} ${row}`
  }
  // What stands between `case` and the first `when` is not written.
  if (isCase) add(writer, { kind: 'open', liquid: `{% case ${subject} %}`, at })
  groups.forEach(({ body, isDefault }, index) => {
    const tag = isDefault ? 'else' : tagsOf(values[index] ?? [], index)
    const kind = index === 0 && !isCase ? 'open' : 'divide'
    add(writer, { kind, liquid: `{% ${tag} %}`, at })
    writer.write(body, { isInSwitch: true })
  })
  add(writer, { kind: 'close', liquid: isCase ? '{% endcase %}' : '{% endif %}', at })
}

/** Whether one case at most can be met: Liquid writes each `when` that is. */
function areApart(groups: readonly Group[], values: readonly (readonly string[])[]): boolean {
  const all = groups.flatMap(({ of }) => of)
  const areLiterals = all.every(({ kind }) => kind === 'text' || kind === 'number')
  return (areLiterals || all.length === 1) && new Set(values.flat()).size === all.length
}

interface Group {
  readonly of: readonly Expression[]
  readonly body: readonly Node[]
  readonly isDefault: boolean
}

/** Cases with one body together, the default last. @throws Untranslatable where one runs into the next */
function grouped(cases: readonly Case[]): Group[] {
  const groups: Group[] = []
  let waiting: Case[] = []
  cases.forEach((one, index) => {
    waiting.push(one)
    const isLast = index === cases.length - 1
    const isEmpty = one.body.every((node) => node.kind === 'text' && node.text.trim() === '')
    if (isEmpty && !one.isEnded && !isLast) return
    if (!one.isEnded && !isLast) throw new Untranslatable(one.at, 'a case runs into the next one')
    const of = waiting.flatMap(({ value }) => value ?? [])
    // FreeMarker does not go on from a default to the cases below it where none is met.
    const isDefault = one.value === undefined
    groups.push({ of: isDefault ? [] : of, body: one.body, isDefault })
    waiting = []
  })
  return [
    ...groups.filter(({ isDefault }) => !isDefault),
    ...groups.filter(({ isDefault }) => isDefault),
  ]
}
