import { describe, expect, it } from '@jest/globals'
import {
  checkRuleAddress,
  isMadeFor,
  isRuleAddress,
  ruleAddress,
} from '../../../../lib/notifications/subscriptions/rule-address.ts'

const ivanov = {
  username: 'ivanov',
  person: { email: 'Ivan@Acme.Example', phone: '+79991234567', telegram: '1234567' },
}
const mail = (address: string) => ({ channel: 'email' as const, address })

describe('the address that a rule makes for a person', () => {
  it.each([
    ['email', '{{ username }}@acme.example', 'ivanov@acme.example'],
    ['email', '{{ email }}', 'Ivan@acme.example'],
    ['email', ' all@acme.example ', 'all@acme.example'],
    ['sms', '{{ phone }}', '+79991234567'],
    ['telegram', '{{ telegram }}', '1234567'],
    ['telegram', '{% if username == "ivanov" %}1{% else %}2{% endif %}', '1'],
  ] as const)('by %s from %s is %s', (channel, address, made) => {
    expect(ruleAddress({ channel, address }, ivanov)).toBe(made)
  })

  it.each([
    ['{{ email }}', {}, 'email'],
    ['{{ email }}', { email: '' }, 'email'],
    ['{{ phone }}@acme.example', { email: 'a@acme.example' }, 'phone'],
    ['{{ telegram }}', { telegram: '' }, 'telegram'],
  ])('from %s of somebody with %j fails: what is not known is named', (address, person, name) => {
    const made = () => ruleAddress(mail(address), { username: 'ivanov', person })
    const message = `the person's ${name} is not known: set it with "people set"`
    expect(made).toThrow(expect.objectContaining({ code: 'invalid-address', message }))
    expect(() => ruleAddress(mail(address), { username: 'ivanov' })).toThrow(message)
  })

  it('fails with what is wrong where it can not be one', () => {
    expect(() => ruleAddress(mail('{{ username }}'), ivanov)).toThrow(
      expect.objectContaining({
        code: 'invalid-address',
        message: 'the address has no @: write name@example.org',
      }),
    )
  })

  it('may be in a private network: whether it is reached is for the sender to say', () => {
    const address = 'http://10.0.0.1/{{ username }}'
    expect(ruleAddress({ channel: 'webhook', address }, ivanov)).toBe('http://10.0.0.1/ivanov')
  })

  it('has nothing of a file, or of every object', () => {
    for (const address of ['{% include "x" %}', '{{ constructor }}', '{{ username.toString }}a']) {
      expect(() => ruleAddress(mail(address), ivanov)).toThrow()
      expect(isRuleAddress(address)).toBe(false)
    }
  })
})

describe('an address', () => {
  it.each([
    ['{{ username }}@acme.example', 'ivanov@acme.example', true],
    ['{{ username }}@acme.example', 'petrov@acme.example', false],
    ['{{ email }}', 'Ivan@acme.example', true],
    // The same for everybody.
    ['ivanov@acme.example', 'ivanov@acme.example', false],
    ['all@ACME.example', 'all@acme.example', true],
    ['{{ user }}', 'ivanov@acme.example', false],
    ['{{ username }}', 'ivanov', false],
  ])('of the rule %s: %s is made for the person: %s', (address, place, expected) => {
    expect(isMadeFor(ivanov, mail(address), place)).toBe(expected)
  })
})

describe('a rule’s address', () => {
  it.each([
    ['{{ username }}@acme.example', true],
    ['{{ email }}{{ phone }}{{ telegram }}', true],
    ['all@acme.example', true],
    ['{% if false %}x{% endif %}', false],
    ['  ', false],
    ['{{ user }}', false],
    ['{{ username | shout }}', false],
    ['{{ username', false],
  ])('can be rendered: %s: %s', (address, expected) => {
    expect(isRuleAddress(address)).toBe(expected)
  })

  it('is as long as an address may be, and takes no more memory and steps than a line does', () => {
    const name = '{{ username }}'
    expect(isRuleAddress(name + 'x'.repeat(2048 - name.length))).toBe(true)
    expect(isRuleAddress(name + 'x'.repeat(2049 - name.length))).toBe(false)
    expect(isRuleAddress('{% assign a = (1..50000) %}x')).toBe(true)
    expect(isRuleAddress('{% assign a = (1..150000) %}x')).toBe(false)
    expect(isRuleAddress('{% for i in (1..2000) %}{% endfor %}x')).toBe(true)
    expect(isRuleAddress('{% for i in (1..20000) %}{% endfor %}x')).toBe(false)
  })

  it.each([
    ['email', '{{ username }}@acme.example', undefined],
    // Of a chat and of a telephone only numbers are addresses.
    ['telegram', '{{ username }}', undefined],
    ['sms', '+{{ username }}', undefined],
    ['sms', '{{ phone }}', undefined],
    ['telegram', '{% if true %}{{ telegram }}{% endif %}', undefined],
    ['email', '{{ username }}', 'has no @: write name@example.org'],
    ['telegram', '@{{ username }}!', 'is not a chat: '],
    ['email', '{{ user }}@acme.example', 'may use {{ username }}, {{ email }}, '],
    ['email', '{% if false %}x{% endif %}', 'may use {{ username }}, {{ email }}, '],
    ['webhook', 'https://10.0.0.1/{{ username }}', ''],
  ] as const)(
    'by %s as %s is stored as it is, or has the problem %p',
    (...[channel, address, problem]) => {
      const checked = checkRuleAddress(channel, address)
      if (problem === undefined) expect(checked).toEqual({ address })
      else expect(checked).toEqual({ problem: expect.stringMatching(`^${escaped(problem)}`) })
    },
  )

  it('without a variable is an address like any other, in the form of its channel', () => {
    expect(checkRuleAddress('email', 'All <all@ACME.example>')).toEqual({
      address: 'all@acme.example',
    })
    expect(checkRuleAddress('email', '{all}@acme')).toEqual({
      problem: 'has an invalid domain: write a full one, such as example.org',
    })
    expect(checkRuleAddress('push', '{')).toEqual({
      problem: expect.stringContaining('is not a registration token'),
    })
  })

  it('is checked by the rules of the cell', () => {
    for (const address of ['http://10.0.0.1/', 'http://10.0.0.1/{{ username }}']) {
      expect(checkRuleAddress('webhook', address, { allowPrivate: true })).toEqual({ address })
      expect(checkRuleAddress('webhook', address)).toHaveProperty('problem')
    }
  })
})

function escaped(text: string): string {
  return text.replaceAll(/[{}|?.()]/g, String.raw`\$&`)
}
