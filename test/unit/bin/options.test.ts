import { describe, expect, it } from '@jest/globals'
import { count } from '../../../bin/commands/count.ts'
import { dlqRedriveCommand } from '../../../bin/commands/dlq-redrive.ts'
import { time } from '../../../bin/commands/time.ts'

describe('an option that is a time', () => {
  it.each([
    ['2026-11-25', '2026-11-25T00:00:00.000Z'],
    ['2026-11-25T08:00Z', '2026-11-25T08:00:00.000Z'],
    ['2026-11-25T08:00:00+03:00', '2026-11-25T05:00:00.000Z'],
  ])('takes %s', (text, moment) => {
    expect(time(text).toISOString()).toBe(moment)
  })

  it('takes one without a zone as of this machine', () => {
    expect(time('2026-11-25T08:00:00')).toEqual(new Date(2026, 10, 25, 8))
  })

  const now = new Date('2026-11-28T10:30:00Z')
  it.each([
    ['30s', '2026-11-28T10:29:30.000Z'],
    ['90m', '2026-11-28T09:00:00.000Z'],
    ['1h', '2026-11-28T09:30:00.000Z'],
    ['2 d ago', '2026-11-26T10:30:00.000Z'],
    ['1w', '2026-11-21T10:30:00.000Z'],
    ['now', '2026-11-28T10:30:00.000Z'],
    ['today', '2026-11-28T00:00:00.000Z'],
    ['yesterday', '2026-11-27T00:00:00.000Z'],
  ])('takes %s', (text, moment) => {
    expect(time(text, now).toISOString()).toBe(moment)
  })

  it.each(['', '5', '2026', '2026-02-31', '2026-11-25T25:00:00Z', '1y', '-1h', 'constructor'])(
    'refuses "%s"',
    (text) => {
      expect(() => time(text)).toThrow('is not a time such as')
    },
  )
})

describe('an option that is a count', () => {
  it('takes a whole number', () => {
    expect(count('20')).toBe(20)
  })

  it.each(['', '0', '-1', '1.5', 'all', 'Infinity'])('refuses "%s"', (text) => {
    expect(() => count(text)).toThrow('whole number above 0')
  })
})

it.each(['', '0', '0.05', '1001', 'fast'])('a redrive refuses the rate "%s"', (rate) => {
  const command = dlqRedriveCommand()
    .exitOverride()
    .configureOutput({ writeErr() {} })
  expect(() => command.parse([`--per-second=${rate}`], { from: 'user' })).toThrow(
    'is not a number from 0.1 to 1000',
  )
})
