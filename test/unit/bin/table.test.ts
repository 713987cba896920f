import { describe, expect, it } from '@jest/globals'
import { table } from '../../../bin/commands/table.ts'

describe('a table', () => {
  const head = ['person', 'reason'] as const
  const rows = [
    ['smith', 'x'],
    ['jones', 'the provider refused the address: no such mailbox at all'],
  ]

  it('has a header, and columns as wide as their cells', () => {
    expect(table(head, rows).split('\n')).toEqual([
      '  PERSON  REASON',
      '  smith   x',
      '  jones   the provider refused the address: no such mailbox at all',
    ])
  })

  it('puts what a narrow terminal has no room for below its row, whole', () => {
    expect(table(head, rows, 40).split('\n')).toEqual([
      '  PERSON',
      '  smith',
      '      reason: x',
      '  jones',
      '      reason: the provider refused the',
      '      address: no such mailbox at all',
    ])
  })

  it('keeps ids and reasons of eight columns readable in 80', () => {
    const eight = ['time', 'state', 'channel', 'person', 'type', 'event', 'notification', 'reason']
    const row = ['2026-11-28T19:23:00Z', 'WAIT_FOR_DISPATCH', 'email', 'petrov', 'task.reminder']
    const ids = ['1600a35a', '8f14e45f', '451 4.7.1 Greylisted, please try again in five minutes']
    const lines = table(eight as never, [[...row, ...ids]], 80).split('\n')
    expect(lines).toEqual([
      '  TIME                  STATE              CHANNEL  PERSON  TYPE',
      '  2026-11-28T19:23:00Z  WAIT_FOR_DISPATCH  email    petrov  task.reminder',
      '      event: 1600a35a  notification: 8f14e45f  reason: 451 4.7.1 Greylisted,',
      '      please try again in five minutes',
    ])
  })

  it.each([20, 30, 40, 80])('cuts nothing in a terminal of %d columns', (width) => {
    const text = table(head, rows, width)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width)
    for (const word of rows.flat().flatMap((cell) => cell.split(' '))) expect(text).toContain(word)
  })

  it('keeps an id whole that is longer than the terminal is wide', () => {
    const id = 'a'.repeat(64)
    expect(table(['event', 'person'], [[id, '-']], 40).split('\n')).toEqual(['  EVENT', `  ${id}`])
  })

  it('takes as many rows as there are', () => {
    const people = Array.from({ length: 200_000 }, () => ['smith'])
    expect(table(['person'], people).length).toBe('  PERSON'.length + 200_000 * '\n  smith'.length)
  })

  it('keeps a cell with line breaks and escapes in one line', () => {
    expect(table(['name'], [['x\n  y\u001b[31m']]).split('\n')).toHaveLength(2)
  })
})
