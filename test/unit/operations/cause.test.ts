import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { causeOf } from '../../../lib/operations/cause.ts'

test.each([
  ['template-failed: task.create/email.html, line 3: undefined variable "x"', 'template-failed'],
  ['not-json', 'not-json'],
  ['HTTP 503', 'HTTP 503'],
  [
    'SMTP 550: 5.1.1 <smith@acme.example>: Recipient address rejected',
    'SMTP 550: 5.1.1 …: Recipient address rejected',
  ],
  ['no user "smith" in workspace://SpacesStore/1', 'no user … in …'],
  ['it was not delivered in time', 'it was not delivered in time'],
  ['rule: NO_PERMISSIONS', 'rule: NO_PERMISSIONS'],
  ['delivery_limit', 'delivery_limit'],
])('%j has the cause %j', (reason, cause) => {
  expect(causeOf(reason)).toBe(cause)
})

test('ids and addresses do not tell causes apart', () => {
  const value = fc.oneof(
    fc.uuid(),
    fc.emailAddress(),
    fc.webUrl(),
    fc.integer({ min: 1000 }).map(String),
    fc.string().map((text) => `"${text.replaceAll('"', '')}"`),
  )
  fc.assert(
    fc.property(value, (text) => {
      expect(causeOf(`The mailbox ${text} is unavailable`)).toBe('The mailbox … is unavailable')
    }),
  )
})

test('has no space at its end where it is cut', () => {
  expect(causeOf(`${'w'.repeat(119)} and more`)).toBe('w'.repeat(119))
})

test('is bounded', () => {
  expect(causeOf('x '.repeat(5_000)).length).toBeLessThanOrEqual(120)
})
