import { expect, it } from '@jest/globals'
import { changeOf, tenantsChange } from '../../../lib/tenants/tenants-change.ts'

const now = new Date('2026-01-01T00:00:00Z')

it('a change says how many tenants came, went and changed, and names ten of each kind', () => {
  const many = Array.from({ length: 12 }, (_, at) => `t${at}`)
  const change = changeOf(
    {
      added: many,
      removed: ['r'],
      moved: ['m'],
      changed: [{ id: 'c', fields: ['locale'] }],
      deploy: [],
    },
    now,
  )
  expect(change).toEqual({
    at: '2026-01-01T00:00:00.000Z',
    added: { count: 12, names: many.slice(0, 10) },
    removed: { count: 2, names: ['r', 'm'] },
    changed: { count: 1, names: ['c'] },
  })
  expect(tenantsChange.parse(JSON.parse(JSON.stringify(change)))).toEqual(change)
})

it('a change in which no tenant moved names none', () => {
  const none = { count: 0, names: [] }
  expect(changeOf({ added: [], removed: [], changed: [], deploy: [] }, now)).toMatchObject({
    ...{ added: none, removed: none, changed: none },
  })
})
