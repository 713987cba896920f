import { describe, expect, it } from '@jest/globals'
import { eventTypes } from '../../../lib/events/catalogue.ts'
import {
  isReplayName,
  replayedAt,
  replayName,
  tellsAgain,
} from '../../../lib/events/replay-name.ts'
import { planReplay } from '../../../lib/operations/replay.ts'

const now = new Date('2026-11-25T12:00:00Z')
const hours = (count: number) => new Date(now.getTime() + count * 60 * 60 * 1000)
const archive = { arn: 'archive', busArn: 'bus' }
const request = { tenant: 'acme', from: hours(-2), to: hours(-1), again: false }
const plan = (more: object) => planReplay({ ...request, ...more }, archive, now, '1')

describe('a replay that is asked for', () => {
  it('is of all types, or of those that are asked for', () => {
    expect(plan({}).types).toEqual(eventTypes)
    expect(plan({ types: ['task.create'] }).types).toEqual(['task.create'])
  })

  it.each([
    ['that is empty', { from: hours(-1), to: hours(-1) }],
    ['that is not over', { to: hours(1) }],
    ['that is remembered no longer', { from: hours(-29 * 24 - 1) }],
    ['of more than a day, if everybody is told again', { from: hours(-26), again: true }],
  ])('is refused for a window %s', (_, more) => {
    expect(() => plan(more)).toThrow(expect.objectContaining({ code: 'bad-window' }))
  })

  it('is refused without a type: EventBridge would replay to all rules of the bus', () => {
    expect(() => plan({ types: [] })).toThrow(expect.objectContaining({ code: 'no-types' }))
  })

  it('may be of any age that the archive has, if everybody is told again', () => {
    const old = { from: hours(-30 * 24), to: hours(-29 * 24) }
    expect(plan({ ...old, again: true }).name).toMatch(/^again-/)
    expect(plan({ from: hours(-29 * 24) }).name).toMatch(/^replay-/)
  })

  it('has a name that EventBridge takes, and that says whether everybody is told again', () => {
    for (const again of [true, false]) {
      const name = replayName(again, now, '0a1b2c3d')
      expect(name).toMatch(/^[.\-_A-Za-z0-9]{1,64}$/)
      expect(tellsAgain(name)).toBe(again)
      expect(isReplayName(name)).toBe(true)
      expect(replayedAt(name)).toEqual(now)
    }
  })
})
