import { describe, expect, it } from '@jest/globals'
import { newAction, newRuleAction } from '../../../../lib/notifications/subscriptions/new-action.ts'
import { newPreferences } from '../../../../lib/notifications/subscriptions/preferences.ts'
import { customDataName } from '../../../../lib/notifications/subscriptions/subscriptions.ts'
import { faultsIn } from '../../../../lib/parse.ts'

const faults = (schema: ReturnType<typeof newAction>, given: object) => {
  const { error } = schema.safeParse(given)
  return error && faultsIn(error)
}

describe('an action to be stored', () => {
  it('has the address and the language in one form', () => {
    const given = { channel: 'sms', address: '+7 (999) 123-45-67', locale: 'en_US' }
    expect(newAction().parse(given)).toEqual({
      channel: 'sms',
      address: '+79991234567',
      locale: 'en-US',
    })
  })

  it('is refused by field, with what to do', () => {
    const given = { channel: 'email', address: 'smith@acme', locale: 'english' }
    expect(faults(newAction(), given)).toBe(
      'locale: is not a known language tag: write ru, en or en-US',
    )
    expect(faults(newAction(), { ...given, locale: 'en' })).toBe(
      'address: has an invalid domain: write a full one, such as example.org',
    )
  })

  it('has the addresses of its next places in one form, and none of them twice', () => {
    const [email, sms] = [
      { channel: 'email', address: 'Smith <smith@ACME.example>' },
      { channel: 'sms', address: '+7 (999) 123-45-67', afterMinutes: 5 },
    ]
    expect(newAction().parse({ ...email, next: [sms] })).toStrictEqual({
      ...{ channel: 'email', address: 'smith@acme.example' },
      next: [{ channel: 'sms', address: '+79991234567', afterMinutes: 5 }],
    })
    expect(newAction().parse({ ...email, next: [] })).toStrictEqual({
      ...{ channel: 'email', address: 'smith@acme.example', next: [] },
    })
    expect(faults(newAction(), { ...sms, next: [email, sms] })).toBe(
      'next.1.address: is tried already',
    )
    expect(faults(newAction(), { ...email, next: [{ ...email, address: 'x' }, email] })).toBe(
      'next.0.address: has no @: write name@example.org; next.1.address: is tried already',
    )
  })

  it('is checked by the rules of the cell', () => {
    const given = { channel: 'webhook', address: 'http://10.0.0.1/' }
    for (const schema of [newAction, newRuleAction]) {
      expect(schema({ allowPrivate: true }).parse(given)).toEqual(given)
      expect(faults(schema(), given)).toMatch(/^address: /)
    }
  })

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'a b', ''])(
    'has no custom data of the name %j',
    (name) => {
      const customData = Object.fromEntries([[name, 'docId']])
      const given = { channel: 'email', address: 'smith@acme.example', customData }
      expect(faults(newAction(), given)).toMatch(/^customData.*: must be a name of letters/)
      const { error } = customDataName.safeParse(name)
      expect(error && faultsIn(error)).toMatch(/^must be a name of letters/)
    },
  )

  it.each([
    ['email', '{{ username }}@acme.example', undefined],
    ['email', '{{ username }}@acme', /^address: has an invalid domain/],
    ['email', '{{ user }}@acme.example', /^address: may use {{ username }}/],
    ['email', '{{ username }', /^address: may use {{ username }}/],
    ['telegram', '{{ username }}', undefined],
    ['telegram', 'chat-{{ username }}', /^address: is not a chat/],
    ['sms', '+{{ username }}', undefined],
    ['webhook', 'https://hooks.acme.example/{{ username | url_encode }}', undefined],
    ['webhook', 'http://hooks.acme.example/{{ username }}', /^address: is not https/],
  ])('of a rule, by %s to %s: %p', (channel, address, problem) => {
    const given = { channel, address }
    if (problem === undefined) expect(newRuleAction().parse(given)).toEqual(given)
    else expect(faults(newRuleAction(), given)).toMatch(problem)
  })
})

it('preferences to be stored have the language as a canonical tag', () => {
  const given = { timeZone: 'Europe/Moscow', locale: 'ru_RU.UTF-8' }
  expect(newPreferences.parse(given)).toEqual({ ...given, locale: 'ru-RU' })
  const { error } = newPreferences.safeParse({ ...given, locale: 'xx' })
  expect(error && faultsIn(error)).toBe(
    'locale: is not a known language tag: write ru, en or en-US',
  )
})
