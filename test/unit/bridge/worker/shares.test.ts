import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  boundBacklogs,
  defaultPrefetch,
  followCalls,
  idleShare,
  isWorthwhile,
  shareOut,
} from '../../../../lib/bridge/worker/shares.ts'

const share = { prefetch: 25, least: 1, busy: false, inUse: true }

describe('shares of the prefetch', () => {
  it('are of as much as fills the calls, or of 10 for each tenant where that is more', () => {
    expect(defaultPrefetch(1, 128)).toBe(1_536)
    expect(defaultPrefetch(1_000, 128)).toBe(10_000)
  })

  it('are of no more for many queues than the memory holds', () => {
    expect(defaultPrefetch(5_000, 128)).toBe(10_000)
    expect(defaultPrefetch(5_000, 2_000)).toBe(24_000)
  })

  it('are of no more than AMQP has numbers for', () => {
    expect(defaultPrefetch(1, 10_000)).toBe(65_535)
  })

  it('change when it makes half as much again, or two thirds', () => {
    expect([1.5, 1.49, 1, 0.67, 2 / 3, 0.1].map(isWorthwhile)).toEqual([
      ...[true, false, false, false],
      ...[true, true],
    ])
  })

  it('are of half more than the calls in flight take, at once when there are more, slowly when fewer', () => {
    let room = 96
    const prefetch = followCalls(
      1_536,
      () => room,
      () => 1,
    )
    expect(prefetch()).toBe(768)
    room = 600
    expect(prefetch()).toBe(900)
    room = 1_100
    expect(prefetch()).toBe(1_536)
    room = 96
    expect(prefetch()).toBe(1_505)
    for (let look = 0; look < 100; look += 1) prefetch()
    expect(prefetch()).toBe(768)
  })

  it('are of 10 for each queue, also while few calls are in flight', () => {
    const shares = (queues: number, most: number) =>
      followCalls(
        most,
        () => 96,
        () => queues,
      )()
    expect(shares(100, 1_536)).toBe(1_000)
    expect(shares(5_000, 65_535)).toBe(10_000)
    expect(shares(100, 200)).toBe(200)
  })

  it('start with half an even share, and at least 1', () => {
    expect(idleShare(2_000, 1)).toBe(1_000)
    expect(idleShare(2_000, 8)).toBe(125)
    expect(idleShare(100, 1_000)).toBe(1)
    expect(idleShare(100, 0)).toBe(50)
  })

  it('go to the busy ones, while an idle tenant keeps half an even share', () => {
    const shares = [true, false, false, false].map((busy) => ({ ...share, busy }))
    expect(shareOut(100, shares)).toEqual([64, 12, 12, 12])
  })

  it('are bounded for busy ones beside others in use, but not below what the broker needs, nor for busy ones alone', () => {
    const shares = (busy: number, idle: number, inUse = true) => [
      ...Array.from({ length: busy }, () => ({ ...share, busy: true })),
      ...Array.from({ length: idle }, () => ({ ...share, prefetch: 1, inUse })),
    ]
    expect(shareOut(1_000, shares(1, 1), 2, 200)).toEqual([200, 1])
    expect(shareOut(1_000, shares(1, 1, false), 2, 200)).toEqual([999, 1])
    expect(shareOut(1_000, shares(1, 0), 1, 200)).toEqual([1_000])
    expect(shareOut(1_000, shares(2, 0), 2, 200)).toEqual([500, 500])
    expect(shareOut(1_000, shares(40, 1), 41, 200).slice(0, 40)).toEqual(Array(40).fill(10))
  })

  it('of backlogs are twice what keeps the bus busy, up to the whole, and fall slowly', () => {
    let pace = 0
    const bound = boundBacklogs(() => pace)
    expect(bound(1_000)).toBe(192)
    pace = 150
    expect(bound(1_000)).toBe(300)
    pace = 2_000
    expect(bound(1_000)).toBe(1_000)
    pace = 0
    expect(bound(1_000)).toBe(900)
    for (let look = 0; look < 30; look += 1) bound(1_000)
    expect(bound(1_000)).toBe(192)
    expect(bound(100)).toBe(100)
  })

  it('leave room for queues that are not consumed yet', () => {
    expect(shareOut(120, [{ ...share, prefetch: 15, busy: true }], 4)).toEqual([75])
  })

  it('leave no more than half to them, such as the empty queues of many removed tenants', () => {
    expect(shareOut(500, [{ ...share, prefetch: 1, busy: true }], 1_000)).toEqual([250])
  })

  it('are no less than what the first consumer has, which is not given away a second time', () => {
    const first = { ...share, prefetch: 64, least: 64 }
    const shares = [...Array(5).fill(first), { ...first, busy: true }]
    expect(shareOut(3_000, shares, 300)).toEqual([64, 64, 64, 64, 64, 1_210])
    expect(shareOut(3_000, [{ ...first, busy: true }, first], 2, 10)).toEqual([64, 64])
  })

  it('stay as they are while nobody needs more', () => {
    const shares = [90, 10].map((prefetch) => ({ ...share, prefetch }))
    expect(shareOut(100, shares)).toEqual([90, 10])
  })

  it('never exceed the whole where there is at least 1 for each, and are never 0', () => {
    const anyShare = fc.record({
      prefetch: fc.integer({ min: 1, max: 50 }),
      least: fc.constant(1),
      busy: fc.boolean(),
      inUse: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.array(anyShare, { minLength: 1, maxLength: 20 }).filter((s) => s.some((x) => x.busy)),
        fc.integer({ min: 20, max: 5_000 }),
        (shares, total) => {
          const out = shareOut(total, shares)
          expect(Math.min(...out)).toBeGreaterThanOrEqual(1)
          expect(out.reduce((sum, prefetch) => sum + prefetch, 0)).toBeLessThanOrEqual(total)
        },
      ),
    )
  })
})
