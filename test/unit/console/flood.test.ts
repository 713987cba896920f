import { describe, expect, it } from '@jest/globals'
import { floodOf } from '../../../console/server/flood.ts'
import type { Minute } from '../../../console/server/minutes.ts'

const now = new Date('2026-11-28T12:00:30.000Z')

/** Minutes that ended before now, the oldest first, each with these events. */
function minutes(count: number, events: (ago: number) => Minute['events']): Minute[] {
  return Array.from({ length: count }, (_, at) => {
    const ago = count - at
    const begin = Date.parse('2026-11-28T12:00:00.000Z') - ago * 60_000
    return { at: new Date(begin).toISOString(), events: events(ago), failed: {} }
  })
}

const others = { globex: 3, initech: 2, umbrella: 1 }

describe('a flood', () => {
  it('is a tenant that sends far more than the others, with its rate and share', () => {
    const found = floodOf(
      minutes(4, () => ({ acme: 94, ...others })),
      now,
    )
    expect(found).toEqual({ tenant: 'acme', rate: 94, share: 0.94, isNew: true })
  })

  it('is new if it sends more than it used to, and not if it always does', () => {
    const rises = minutes(40, (ago) => ({ acme: ago > 5 ? 20 : 94, ...others }))
    expect(floodOf(rises, now)).toMatchObject({ isNew: true })
    const always = minutes(40, () => ({ acme: 94, ...others }))
    expect(floodOf(always, now)).toMatchObject({ isNew: false })
  })

  it.each<[string, Minute[]]>([
    ['a tidy day', minutes(60, () => ({ acme: 40, globex: 30, initech: 50 }))],
    ['few events', minutes(60, () => ({ acme: 20, globex: 1, initech: 0, umbrella: 1 }))],
    ['a large tenant among several', minutes(60, () => ({ acme: 90, globex: 30, initech: 25 }))],
    ['nobody to compare with', minutes(60, () => ({ acme: 900, globex: 1 }))],
    ['too little that was seen', minutes(2, () => ({ acme: 94, ...others }))],
    ['one that is over', minutes(60, (ago) => ({ acme: ago > 10 ? 94 : 0, ...others }))],
    ['nothing', []],
  ])('is not in %s', (_, given) => {
    expect(floodOf(given, now)).toBeUndefined()
  })
})
