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
})
