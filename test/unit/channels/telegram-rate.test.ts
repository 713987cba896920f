import { expect, it } from '@jest/globals'
import { telegramRate } from '../../../lib/channels/telegram-rate.ts'

it.each([
  ['123456789', 60],
  ['-4012345678', 20],
  ['-1001234567890', 20],
  ['@acme_news', 20],
])('the chat %s gets %i messages a minute', (address, aMinute) => {
  expect(telegramRate(1)(address) * 60).toBe(aMinute)
})
