import { describe, expect, it, jest } from '@jest/globals'
import { catalogue, eventTypes, sampleData } from '../../../lib/events/catalogue.ts'
import { taskEvent } from '../../../lib/events/schemas.ts'
import type { NotificationKind } from '../../../lib/notifications/kind.ts'
import { handlerName } from '../../../lib/tenants/names.ts'
import { builtInRender } from '../notifications/in-memory.ts'

// The handlers, short of the environment that they are composed from.
jest.unstable_mockModule('../../../functions/shared/notifying-function.ts', () => ({
  notifyingFunction: (kind: unknown) => kind,
}))
const kinds = await Promise.all(
  eventTypes.map(async (type): Promise<NotificationKind<object>> => {
    const { handler } = await import(`../../../functions/${handlerName(type)}.ts`)
    return handler
  }),
)

const task = (fields: object) => taskEvent.parse({ type: 'x', taskTitle: 'Счёт', ...fields })
const pool = task({ taskPooledUsers: ['Ivanov'], assignee: 'Sidorov' })
const alone = task({ assignee: 'Sidorov' })
const tasks = kinds.filter(({ type }) => type.startsWith('task.'))

describe('the handlers', () => {
  it('are there for every type, with its schema', () => {
    expect(kinds.map(({ type }) => type)).toEqual(eventTypes)
    for (const { type, schema } of kinds) expect(schema).toBe(catalogue[type].schema)
  })

  it('tell those of a task that ECOS tells', () => {
    const names = (kind: (typeof tasks)[number], data: object) => {
      const recipients = kind.recipients(data)
      return recipients === 'subscribers' ? recipients : recipients.names
    }
    const told = tasks.map((kind) => [kind.type, names(kind, pool), names(kind, alone)])
    expect(told).toEqual([
      ['task.create', ['ivanov'], []],
      ['task.assign', [], ['sidorov']],
      ['task.complete', ['ivanov', 'sidorov'], ['sidorov']],
      ['task.delete', ['ivanov', 'sidorov'], ['sidorov']],
    ])
  })

  it('tell the subscribers of whatever names nobody', () => {
    for (const kind of kinds.filter((kind) => !tasks.includes(kind))) {
      expect(kind.recipients(sampleData(kind.type))).toBe('subscribers')
    }
  })

  it('know the task that they are about, and which of them end it', () => {
    const data = task({ taskInstanceId: 'activiti$1' })
    expect(tasks.map(({ subject }) => subject?.(data))).toEqual(tasks.map(() => 'activiti$1'))
    const closing = kinds.filter(({ closes }) => closes)
    expect(closing.map(({ type }) => type)).toEqual(['task.complete', 'task.delete'])
  })

  it('tell it by the titles that people know', () => {
    const options = { tenant: 'acme', channel: 'email', customData: {} } as const
    const titles = kinds.map((kind) => {
      const data = sampleData(kind.type)
      const { title } = builtInRender(kind, data, options)
      return [title, builtInRender(kind, data, { ...options, locale: 'en' }).title]
    })
    expect(titles).toEqual([
      ['Новая задача: Согласование договора №8', 'New task: Согласование договора №8'],
      ['Новая задача: Согласование договора №8', 'New task: Согласование договора №8'],
      ['Завершена задача: Согласование договора №8', 'Task completed: Согласование договора №8'],
      ['Удалена задача: Согласование договора №8', 'Task deleted: Согласование договора №8'],
      [
        'Новый комментарий: Прошу уточнить сумму. Пункт 2.1.',
        'New comment: Прошу уточнить сумму. Пункт 2.1.',
      ],
      ['Новый документ: Договор №8', 'New document: Договор №8'],
      ['Статус документа: На согласовании', 'Status of the document: На согласовании'],
      ['Новая запись: Договор №42', 'New record: Contract 42'],
      ['Изменена запись: Договор №42', 'Record changed: Contract 42'],
      ['Удалена запись: Договор №42', 'Record deleted: Contract 42'],
      ['Новый статус «На согласовании»: Договор №42', 'New status “In approval”: Contract 42'],
    ])
  })
})
