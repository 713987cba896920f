import { describe, expect, it } from '@jest/globals'
import { shortIds, table } from '../../../bin/commands/text.ts'

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

  it.each([20, 30, 40, 80])('fits a terminal of %d columns, and says where it was cut', (width) => {
    const lines = table(head, rows, width).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
    expect(lines[2]?.includes('…')).toBe(width < 66)
    expect(lines[1]).toBe('  smith   x')
  })

  it('takes as many rows as there are', () => {
    const people = Array.from({ length: 200_000 }, () => ['smith'])
    expect(table(['person'], people).length).toBe('  PERSON'.length + 200_000 * '\n  smith'.length)
  })

  it('keeps a cell with line breaks and escapes in one line', () => {
    expect(table(['name'], [['x\n  y\u001b[31m']]).split('\n')).toHaveLength(2)
  })
})

describe('short ids', () => {
  it('have 8 characters, or as many as tell the listed ones apart', () => {
    expect(['0123456789', 'abcdefghij'].map(shortIds(['0123456789', 'abcdefghij']))).toEqual([
      '01234567',
      'abcdefgh',
    ])
    const events = ['event-2026-1', 'event-2026-2', 'event-2026-2']
    expect(events.map(shortIds(events))).toEqual(events)
    expect(shortIds([])('x')).toBe('x')
  })
})
