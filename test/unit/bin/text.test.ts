import { describe, expect, it } from '@jest/globals'
import { shortIds } from '../../../bin/commands/text.ts'

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
