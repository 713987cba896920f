import { expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import { isolate, reasonOf } from '../../../lib/notifications/isolate.ts'

it.each<[string, unknown, string]>([
  ['an error of ours', new EcosError('invalid-address', 'is none'), 'invalid-address: is none'],
  ['any other error', new TypeError('of Ivanov, 13 Lenin St'), 'unexpected-error: TypeError'],
  ['what is no error', 'of Ivanov, 13 Lenin St', 'unexpected-error: string'],
])('the reason on a record for %s has no text of a person', (_, error, reason) => {
  expect(reasonOf(error)).toBe(reason)
  const failing = () => {
    throw error
  }
  expect(isolate<string>(failing, (told) => told)).toBe(reason)
})
