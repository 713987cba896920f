import { describe, expect, it } from '@jest/globals'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const fileOf = (name: string) => import(`../../../console/page/${name}.js`)
const { distancesOf, tickText } = await fileOf('ticks')
const { isCompared } = await fileOf('trends-changed')
const { markText } = await fileOf('marks')
const { wordsIn } = await fileOf('texts')
const words = wordsIn('en')

describe('the axis of a duration', () => {
  it.each(['seconds', 'milliseconds'])('has whole numbers, whatever its distances: %s', (unit) => {
    for (const distance of distancesOf(unit))
      for (const times of [1, 2, 3])
        expect(tickText(distance * times, unit, words)).toMatch(/^[\d,]+(\.5)? \w+$/)
  })

  it('begins with a 0 that has no unit', () => {
    expect(tickText(0, 'milliseconds', words)).toBe('0')
  })

  it('is left to the chart where it is a count', () => {
    expect(distancesOf('count')).toBeUndefined()
    expect(tickText(1_500, 'count', words)).toBe('1,500')
  })
})

it('a table without the time before does not say that it compares', () => {
  const of = (before: number | null) => ({ charts: [{ whole: { now: 1, before } }] })
  expect([isCompared(of(null)), isCompared(of(0))]).toEqual([false, true])
})

describe('a deployment', () => {
  const at = '2026-11-28T10:00:00.000Z'
  const deployment = { kind: 'deployment', at, outcome: 'done' }
  it('says of what, and what it changed', () => {
    const changed = { count: 3, names: ['Bus', 'Queue'] }
    const until = '2026-11-28T10:00:40.000Z'
    expect(markText({ ...deployment, until, changed }, 'main', words)).toBe(
      'Deployment of the stack ecos-eventbridge-main · changed Bus, Queue and 1 more · 40 sec',
    )
  })

  it('has no duration if none was measured, as in the local stack', () => {
    const until = '2026-11-28T10:00:00.002Z'
    expect(markText({ ...deployment, until }, 'main', words)).toBe(
      'Deployment of the stack ecos-eventbridge-main',
    )
  })
})
