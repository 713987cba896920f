import { describe, expect, it, jest } from '@jest/globals'
import { notifyingTypes } from '../../../lib/events/catalogue.ts'
import { taskEvent } from '../../../lib/events/schemas.ts'
import type { NotificationKind } from '../../../lib/notifications/kind.ts'
import { builtInRender } from '../notifications/in-memory.ts'

// The handlers, short of the environment that they are composed from.
jest.unstable_mockModule('../../../functions/shared/notifying-function.ts', () => ({
  notifyingFunction: (kind: unknown) => kind,
}))
const kinds = await Promise.all(
  notifyingTypes.map(async (type): Promise<NotificationKind<object>> => {
    const { handler } = await import(`../../../functions/on-${type.replace('.', '-')}.ts`)
    return handler
  }),
)

const task = (fields: object) => taskEvent.parse({ type: 'x', taskTitle: 'Счёт', ...fields })
const pool = task({ taskPooledUsers: ['Ivanov'], assignee: 'Sidorov' })
const alone = task({ assignee: 'Sidorov' })

describe('the handlers', () => {
  it('are there for every type that notifies', () => {
    expect(kinds.map(({ type }) => type)).toEqual(notifyingTypes)
  })

  it('tell those that ECOS tells', () => {
    const told = kinds.map((kind) => [kind.type, kind.recipients(pool), kind.recipients(alone)])
    expect(told).toEqual([
      ['task.create', ['ivanov'], []],
      ['task.assign', [], ['sidorov']],
      ['task.complete', ['ivanov', 'sidorov'], ['sidorov']],
      ['task.delete', ['ivanov', 'sidorov'], ['sidorov']],
    ])
  })

  it('tell it by the titles that people know', () => {
    const options = { tenant: 'acme', channel: 'email', customData: {} } as const
    expect(kinds.map((kind) => builtInRender(kind, alone, options).title)).toEqual([
      'Новая задача: Счёт',
      'Новая задача: Счёт',
      'Завершена задача: Счёт',
      'Удалена задача: Счёт',
    ])
  })
})
