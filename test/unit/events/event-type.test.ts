import { describe, expect, it } from '@jest/globals'
import { isTypeName } from '../../../lib/events/event-type.ts'

describe('a type beyond the catalogue', () => {
  it.each(['record-created', 'task.create', 'a', '1:b/c@d_e', 'x'.repeat(128)])(
    'may be %s',
    (type) => {
      expect(isTypeName(type)).toBe(true)
    },
  )

  it.each([
    '',
    ' a',
    '-a',
    'x","Source":"ecos.other","DetailType":"task.create',
    'a\n',
    'a b',
    'тип',
    'x'.repeat(129),
  ])('may not be %j', (type) => {
    expect(isTypeName(type)).toBe(false)
  })
})
