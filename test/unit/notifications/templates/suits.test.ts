import { describe, expect, it } from '@jest/globals'
import { readBuiltIn } from '../../../../lib/notifications/templates/files.ts'
import { unsuited } from '../../../../lib/notifications/templates/suits.ts'

const files = {
  ...readBuiltIn(),
  'acme/boss/any.ru.liquid': '{{ event.taskTitle }}\n\n{{ customData.boss }}\n',
  'other/boss/any.ru.liquid': '{{ event.nobodyKnows }}\n',
}
const named = (template: string, eventType: 'task.assign' | 'record.update' | 'task.complete') =>
  unsuited({ template }, { tenant: 'acme', eventType }, files)

describe('the template that an action names', () => {
  it('suits the types whose fields it reads, whatever another tenant has by that name', () => {
    expect(named('boss', 'task.assign')).toBeUndefined()
    expect(named('boss', 'task.complete')).toBeUndefined()
  })

  it.each([
    ['boss', 'record.update', 'acme/boss/any.ru.liquid:1:4: undefined variable: event.taskTitle'],
    ['record.update', 'task.assign', 'undefined variable: event.attrChanges'],
  ] as const)('%s of another type is refused for %s', (name, type, problem) => {
    expect(named(name, type)).toContain(`the template "${name}" does not suit `)
    expect(named(name, type)).toContain(problem)
  })

  it('that is not known here is not judged', () => {
    expect(named('elsewhere', 'record.update')).toBeUndefined()
    expect(unsuited({}, { tenant: 'acme', eventType: 'record.update' }, files)).toBeUndefined()
  })

  /** Without the built-in templates. */
  const few = (
    sources: Readonly<Record<string, string>>,
    eventType: 'task.assign' | 'task.complete' = 'task.complete',
  ) => unsuited({ template: 'x' }, { tenant: 'acme', eventType }, sources)

  it('has to suit in each language, for each channel and of each scope', () => {
    for (const path of [
      'acme/x/sms.en.liquid',
      '_all/x/any.ru.liquid',
      '_built-in/x/any.de.liquid',
    ]) {
      expect(few({ 'acme/x/any.ru.liquid': 'T', [path]: '\n{{ event.x }}' })).toBe(
        `the template "x" does not suit task.complete: ${path}:2:4: undefined variable: event.x`,
      )
    }
    expect(few({ 'acme/x/any.ru.liquid': 'T', 'other/x/any.ru.liquid': '{{ event.x }}' })).toBe(
      undefined,
    )
    expect(few({ 'acme/y/any.ru.liquid': '{{ event.x }}' })).toBeUndefined()
    // HTML of its own is judged with its template, and a stray file is none.
    expect(few({ 'acme/x/any.ru.html.liquid': '{{ event.x }}', 'acme/x/a.txt': '{{' })).toBe(
      undefined,
    )
  })

  it('is refused with the first of its faults', () => {
    expect(few({ 'acme/x/any.ru.liquid': '{{ event.x }}{{ event.y }}' })).toMatch(/: event\.x$/)
  })

  it('has to suit an event with all its fields, and one with the least', () => {
    const [whole, bare] = [
      '{% if event.taskComment %}{{ 5 | plural }}{% endif %}',
      '{% unless event.taskComment %}{{ 5 | plural }}{% endunless %}',
    ]
    for (const source of [whole, bare]) {
      expect(few({ 'acme/x/any.ru.liquid': source })).toContain('plural has no form for "many"')
    }
  })

  it('of a subscription to assigned tasks has to suit new ones too', () => {
    const source = "{% if event.type == 'task.create' %}{{ 5 | plural }}{% endif %}T"
    expect(few({ 'acme/x/any.ru.liquid': source }, 'task.assign')).toMatch(
      /^the template "x" does not suit task\.create: /,
    )
    expect(few({ 'acme/x/any.ru.liquid': source }, 'task.complete')).toBeUndefined()
  })

  it('may not be too large, which has no place in it', () => {
    const files = {
      'acme/x/any.ru.liquid': 'T',
      'acme/x/any.ru.html.liquid': `{% for i in (1..6) %}${'x'.repeat(20_000)}{% endfor %}`,
    }
    expect(few(files)).toBe(
      'the template "x" does not suit task.complete: acme/x/any.ru.liquid:1:1: ' +
        'acme/x/any.ru.liquid renders 120000 characters of HTML; the limit is 100000',
    )
  })
})
