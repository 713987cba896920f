import { expect, it } from '@jest/globals'
import { type Group, limitGroups } from '../../../lib/operations/selection.ts'

const of = (cause: string, count: number) => ({ cause, count }) as Group

it('a limit of groups is one for all queues together: the largest stay, the others are counted', () => {
  const lists = [
    { queue: 'a', groups: [of('x', 9), of('y', 1)] },
    { queue: 'b', groups: [of('z', 5), of('w', 2)] },
  ]
  expect(limitGroups(lists, 2)).toEqual([
    { queue: 'a', groups: [of('x', 9)], moreGroups: 1 },
    { queue: 'b', groups: [of('z', 5)], moreGroups: 1 },
  ])
  expect(limitGroups(lists, 4).map(({ moreGroups }) => moreGroups)).toEqual([0, 0])
})
