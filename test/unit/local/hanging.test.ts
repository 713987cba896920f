import { expect, it } from '@jest/globals'
import { hanging } from '../../../local/hanging.ts'

it('a line that is too long goes on below, indented', () => {
  expect(hanging('Console   one two three\nshort', 20, 9)).toBe(
    'Console   one two\n         three\nshort',
  )
  expect(hanging('A  one two three four', 12, 3)).toBe('A  one two\n   three\n   four')
})

it('an address stays whole, and colours take no room', () => {
  const address = 'http://127.0.0.1:12345/a/long/path'
  expect(hanging(`see ${address} now`, 20)).toBe(`see\n  ${address}\n  now`)
  expect(hanging('one two (0.1 s)', 13)).toBe('one two\n  (0.1 s)')
  expect(hanging('\u001b[32m✔\u001b[0m one two', 9)).toBe('\u001b[32m✔\u001b[0m one two')
})

it('nothing is broken where there is no terminal', () => {
  expect(hanging('one two three', undefined)).toBe('one two three')
})
