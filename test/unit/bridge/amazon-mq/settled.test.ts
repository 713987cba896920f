import { expect, it } from '@jest/globals'
import { settledKey } from '../../../../lib/bridge/amazon-mq/settled.ts'

const message = {
  tenant: 'acme',
  queue: 'tenant.acme.eventbridge',
  properties: {},
  redelivered: false,
  body: Buffer.from('{"a":1}'),
}

it('a settled message is known by its queue and its body, and by nothing else', () => {
  // printf '"tenant.acme.eventbridge"{"a":1}' | sha256sum
  const key = 'fa7fbd47dae742227bb68da5088b0a9bfc0b2e2ce847c5df1fc1c397d4208896'
  expect(settledKey(message)).toBe(key)
  expect(settledKey({ ...message, redelivered: true, properties: { messageId: '1' } })).toBe(key)
  expect(settledKey({ ...message, queue: 'tenant.globex.eventbridge' })).not.toBe(key)
  expect(settledKey({ ...message, body: Buffer.from('{"a":2}') })).not.toBe(key)
})
