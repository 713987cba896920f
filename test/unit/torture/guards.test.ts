import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { guards } from '../../../torture/guards/guards.ts'

// Where the code has changed, the guard is written anew: as the text that there is now.
it.each(guards)('$what: its guard can still be taken out', ({ file, guard, without, test }) => {
  const pieces = readFileSync(file, 'utf8').split(guard)
  expect(pieces).toHaveLength(2)
  expect(pieces.join(without)).not.toBe(pieces.join(guard))
  expect(existsSync(test)).toBe(true)
})
