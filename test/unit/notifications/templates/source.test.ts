import { expect, it } from '@jest/globals'
import { splitSource } from '../../../../lib/notifications/templates/source.ts'

it.each([
  ['T\n\nРаз\nдва', 'T', '\n\nРаз\nдва'],
  ['T\r\n\r\nРаз\rдва', 'T', '\n\nРаз\nдва'],
  ['T\n', 'T', '\n'],
  ['\nРаз', '', '\nРаз'],
  ['T', 'T', ''],
  ['', '', ''],
])(
  '%j has the title %j and the body %j, whose lines count as in the file',
  (source, title, body) => {
    expect(splitSource(source)).toEqual({ title, body })
  },
)
