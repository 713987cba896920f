import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { copyKey, recentKeys } from '../../../lib/migration/copies.ts'
import { message, task } from './memory-message.ts'

describe('copyKey', () => {
  it('is the same for one event id and type, whatever else the body says', () => {
    expect(copyKey(message(task('1', 'task.create', 'a')))).toBe(
      copyKey(message(task('1', 'task.create', 'b'))),
    )
  })

  it('tells event ids and types apart', () => {
    const keys = [
      message(task('1')),
      message(task('2')),
      message(task('1', 'task.assign'), [], 'task.assign'),
    ].map(copyKey)
    expect(new Set(keys).size).toBe(3)
  })

  it('is the same for unreadable messages only if both bytes and routing key are the same', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.string(),
        (body, key, other, otherKey) => {
          const [a, b] = [`!${body}`, `!${other}`]
          const same = copyKey(message(a, [], key)) === copyKey(message(b, [], otherKey))
          expect(same).toBe(a === b && key === otherKey)
        },
      ),
    )
  })
})

describe('recentKeys', () => {
  it('forgets the oldest first, and holds no more than it may', () => {
    const keys = recentKeys(2)
    for (const key of ['a', 'b', 'a', 'c']) keys.add(key)
    expect(['a', 'b', 'c'].filter(keys.has)).toEqual(['a', 'c'])
  })
})
