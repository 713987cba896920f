import { expect, it } from '@jest/globals'
import { nextPlace, reminder } from '../../../bin/commands/subscriptions-values.ts'

it('collects reminders, each once, and takes "never" for none', () => {
  expect(reminder('overdue', reminder(' 1d  before due'))).toEqual(['1d before due', 'overdue'])
  expect(reminder('overdue', ['overdue'])).toEqual(['overdue'])
  expect(reminder('never')).toEqual([])
})

it('says how reminders are written', () => {
  expect(() => reminder('tomorrow')).toThrow('is not a reminder: write "1d before due"')
})

it('collects places to try next', () => {
  const first = nextPlace('email Smith <smith@acme.example>')
  expect(nextPlace(' sms +7 999 123-45-67  after 30m ', first)).toEqual([
    { channel: 'email', address: 'Smith <smith@acme.example>' },
    { channel: 'sms', address: '+7 999 123-45-67', afterMinutes: 30 },
  ])
})

it.each(['', 'email', 'fax 123', 'smith@acme.example'])('refuses the place "%s"', (text) => {
  expect(() => nextPlace(text)).toThrow('write "email smith@acme.example" or "sms')
})
