import { describe, expect, it } from '@jest/globals'
import {
  isReplayName,
  replayedAt,
  replayName,
  tellsAgain,
} from '../../../lib/events/replay-name.ts'

const now = new Date('2026-11-25T12:34:56.789Z')

describe('the name of a replay', () => {
  it.each([
    [true, 'again-20261125T123456Z-7f'],
    [false, 'replay-20261125T123456Z-7f'],
  ])('carries whether everybody is told again (%s), and when it began', (again, name) => {
    expect(replayName(again, now, '7f')).toBe(name)
    expect([isReplayName(name), tellsAgain(name)]).toEqual([true, again])
    expect(replayedAt(name)).toEqual(new Date('2026-11-25T12:34:56Z'))
  })

  // StartReplay takes any name: operators begin replays of their own.
  it.each([
    '',
    'again',
    'my-replay-20261125T123456Z-7f',
    'replay-20261125T123456Z-',
    'replay-20261125T123456Z-7F',
    'replay-20261125T123456Z-7f-2',
    'replay-2026-11-25T12:34:56Z-7f',
  ])('is not %j', (name) => expect(isReplayName(name)).toBe(false))

  it.each(['replay-20261125T123456Z-7f', 'not-again-20261125T123456Z-7f', ''])(
    'does not have everybody told again by %j',
    (name) => expect(tellsAgain(name)).toBe(false),
  )
})
