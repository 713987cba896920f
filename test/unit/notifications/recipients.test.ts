import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseExactJson } from '../../../lib/events/exact-number.ts'
import { taskEvent } from '../../../lib/events/schemas.ts'
import * as rulesOfTasks from '../../../lib/notifications/recipients.ts'

const namesBy = (rule: (task: object) => rulesOfTasks.Recipients) => (task: object) =>
  rule(task).names
const pooledUsers = namesBy(rulesOfTasks.pooledUsers)
const soleAssignee = namesBy(rulesOfTasks.soleAssignee)
const pooledUsersAndAssignee = namesBy(rulesOfTasks.pooledUsersAndAssignee)

const task = (fields: object) => taskEvent.parse({ type: 'task.create', ...fields })

describe('who is told about a task', () => {
  it('tells the pooled users alone of one for a pool', () => {
    expect(pooledUsers(task({ taskPooledUsers: ['petrov', 'Ivanov'], assignee: 'x' }))).toEqual([
      'petrov',
      'ivanov',
    ])
  })

  it('tells the assignee where there is no pool', () => {
    expect(soleAssignee(task({ assignee: ' Sidorov ' }))).toEqual(['sidorov'])
  })

  it.each([
    ['pooled users', { taskPooledUsers: ['ivanov'] }],
    ['pooled actors', { taskPooledActors: ['workspace://SpacesStore/g1'] }],
  ])('tells nobody of an assignment where there are %s', (_, pool) => {
    expect(soleAssignee(task({ assignee: 'Sidorov', ...pool }))).toEqual([])
  })

  it('takes a pool of blanks for none', () => {
    const blanks = { taskPooledUsers: [' '], taskPooledActors: [''] }
    expect(soleAssignee(task({ assignee: 'Sidorov', ...blanks }))).toEqual(['sidorov'])
  })

  it('tells pooled users and the assignee, each once, of an end', () => {
    const fields = { taskPooledUsers: ['Ivanov', 'sidorov'], assignee: 'SIDOROV' }
    expect(pooledUsersAndAssignee(task(fields))).toEqual(['ivanov', 'sidorov'])
  })

  it('tells nobody where a task names nobody', () => {
    for (const rule of Object.values(rulesOfTasks)) {
      for (const nobody of [{}, { assignee: null }, { taskPooledUsers: null, assignee: '' }]) {
        expect(rule(nobody)).toEqual({ names: [], unread: [] })
      }
    }
  })
})

describe('fields that name people, whatever a producer sends', () => {
  const { pooledUsers, soleAssignee, pooledUsersAndAssignee } = rulesOfTasks
  const digits = '12345678901234567890123'
  const someone = { name: 'sidorov' }

  it.each([
    [pooledUsers, { taskPooledUsers: ['petrov', null, someone] }, ['petrov'], ['taskPooledUsers']],
    [pooledUsers, { taskPooledUsers: ['petrov'], assignee: someone }, ['petrov'], []],
    [pooledUsers, { taskPooledUsers: [null, 'petrov'] }, ['petrov'], []],
    [pooledUsers, { taskPooledUsers: 'petrov' }, [], ['taskPooledUsers']],
    [soleAssignee, { taskPooledUsers: ['petrov', someone], assignee: someone }, [], []],
    [soleAssignee, { assignee: someone }, [], ['assignee']],
    [soleAssignee, { taskPooledActors: {}, assignee: 'sidorov' }, [], ['taskPooledActors']],
    [
      pooledUsersAndAssignee,
      { taskPooledUsers: ['petrov'], assignee: someone },
      ['petrov'],
      ['assignee'],
    ],
    [
      pooledUsersAndAssignee,
      { taskPooledUsers: {}, assignee: 'sidorov' },
      ['sidorov'],
      ['taskPooledUsers'],
    ],
  ] as const)('%p reads what it can of %j', (rule, task, names, unread) => {
    expect(rule(task)).toEqual({ names, unread })
  })

  it('may be numbers beyond doubles, whose digits are the name', () => {
    const task = Object(
      parseExactJson(`{"taskPooledUsers":[${digits},1e400],"assignee":${digits}}`),
    )
    expect(pooledUsers(task).names).toEqual([digits, '1e400'])
    expect(soleAssignee({ assignee: task.assignee }).names).toEqual([digits])
    expect(taskEvent.parse({ ...task, type: 'x' })).toMatchObject({ assignee: digits })
  })
})

const name = fc.oneof(
  fc.constantFrom('Ivanov', 'ivanov', ' IVANOV', 'Петров', 'петров ', '', '  '),
  fc.string({ unit: 'binary' }),
  fc.string().map((text) => `${text}\ud800`),
)
const anyTask = fc
  .record({
    taskPooledUsers: fc.array(name),
    taskPooledActors: fc.array(name),
    assignee: fc.option(name),
  })
  .map(task)
const rules = [pooledUsers, soleAssignee, pooledUsersAndAssignee]

describe('the names of those who are told', () => {
  it('are never blank, never twice, and distinct as UTF-8 too', () => {
    fc.assert(
      fc.property(anyTask, fc.constantFrom(...rules), (task, rule) => {
        const names = rule(task)
        expect(names.every((name) => name.trim() === name && name !== '')).toBe(true)
        expect(new Set(names.map((name) => Buffer.from(name).toString())).size).toBe(names.length)
      }),
    )
  })

  it('do not depend on the letter case that the event has', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('Ivanov', 'ПЕТРОВ', 'o’Neil')), (names) => {
        const upper = names.map((name) => name.toUpperCase())
        expect(pooledUsers(task({ taskPooledUsers: upper }))).toEqual(
          pooledUsers(task({ taskPooledUsers: names })),
        )
      }),
    )
  })
})
