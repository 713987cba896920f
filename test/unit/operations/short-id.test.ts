import { expect, it } from '@jest/globals'
import { theOne } from '../../../lib/operations/short-id.ts'

const ids = ['abcdef01', 'abcdef02', 'abcdef', 'zyxwvuts']

it.each([
  ['zyxwvu', 'zyxwvuts'],
  ['zyxwvuts', 'zyxwvuts'],
  ['abcdef', 'abcdef'],
  ['zyx', undefined],
  ['nothing', undefined],
])('%s stands for %s', (id, whole) => {
  expect(theOne(id, ids)).toBe(whole)
})

it('of several the ids are named', () => {
  expect(() => theOne('abcdef0', ids)).toThrow(
    'abcdef0 is the start of 2 ids: give one of abcdef01, abcdef02',
  )
})
