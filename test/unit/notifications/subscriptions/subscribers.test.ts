import { describe, expect, it } from '@jest/globals'
import { preferences } from '../../../../lib/notifications/subscriptions/preferences.ts'
import { subscribersAmong } from '../../../../lib/notifications/subscriptions/subscribers.ts'
import {
  type Action,
  action,
  tenantRule,
} from '../../../../lib/notifications/subscriptions/subscriptions.ts'

const mail = (address: string): Action => action.parse({ channel: 'email', address })
const sound = (actions: readonly Action[]) => ({ actions, broken: [] })
const own = new Map([
  ['ivanov', sound([mail('own@acme.example')])],
  ['silent', sound([])],
])
const rule = sound([mail('{{ username | url_encode }}@acme.example'), mail('all@acme.example')])
const none = { actions: own, preferences: new Map() }

describe('the subscribers among the recipients', () => {
  it('are those with a subscription, and, by the rule of the tenant, everybody else', () => {
    expect(subscribersAmong(['petrov', 'ivanov', 'silent'], { ...none, rule })).toEqual([
      { username: 'petrov', actions: rule.actions, byRule: true },
      { username: 'ivanov', actions: own.get('ivanov')?.actions },
      { username: 'silent', actions: [] },
    ])
  })

  it('are only those with a subscription where the tenant has no rule', () => {
    const found = subscribersAmong(['petrov', 'ivanov'], none)
    expect(found.map(({ username }) => username)).toEqual(['ivanov'])
  })

  it('have their preferences, whether the subscription is their own or the rule', () => {
    const wish = preferences.parse({ timeZone: 'Europe/Moscow' })
    const wishes = new Map([
      ['ivanov', wish],
      ['petrov', wish],
    ])
    const found = subscribersAmong(['petrov', 'ivanov', 'sidorov'], {
      actions: own,
      preferences: wishes,
      rule,
    })
    expect(found.map((one) => one.preferences)).toEqual([wish, wish, undefined])
  })
})

describe('a subscriber', () => {
  const fault = { channel: 'unknown' as const, address: 'action 1', fault: 'does not fit' }
  const off = { reason: 'HTTP 410', at: '2026-03-01T00:00:00Z' }
  const gone = new Map([
    ['ivanov', { 'email own@acme.example': off }],
    ['petrov', { 'email petrov@acme.example': off }],
  ])

  it('has no more than what is stored of them', () => {
    const [found] = subscribersAmong(['ivanov'], none)
    expect(found).toStrictEqual({ username: 'ivanov', actions: own.get('ivanov')?.actions })
  })

  it('has what is known of them, the actions that do not fit, and the preferences that do not', () => {
    const stored = {
      ...{ ...none, gone, rule: { ...rule, broken: [fault] } },
      people: new Map([['petrov', { email: 'p@acme.example' }]]),
      misfits: new Set(['petrov']),
    }
    expect(subscribersAmong(['petrov', 'sidorov'], stored)).toStrictEqual([
      {
        ...{ username: 'petrov', actions: rule.actions, broken: [fault], byRule: true },
        gone: gone.get('petrov'),
        person: { email: 'p@acme.example' },
        preferencesFault: 'The stored preferences do not fit: set them anew',
      },
      { username: 'sidorov', actions: rule.actions, broken: [fault], byRule: true },
    ])
  })

  it('with a subscription of their own has places switched off in it, and not beside it', () => {
    const [found] = subscribersAmong(['ivanov'], { ...none, gone, rule })
    expect(found).toStrictEqual({ username: 'ivanov', actions: own.get('ivanov')?.actions })
  })

  it('whose own actions are all broken does not fall back to the rule', () => {
    const actions = new Map([['ivanov', { actions: [], broken: [fault] }]])
    expect(subscribersAmong(['ivanov'], { ...none, actions, rule })).toStrictEqual([
      { username: 'ivanov', actions: [], broken: [fault] },
    ])
  })
})

const endless = (depth: number): string =>
  depth === 0 ? '' : `{% for a in l %}${endless(depth - 1)}{% endfor %}`

describe('a rule of a tenant', () => {
  it.each([
    ['{{ username }}@acme.example', true],
    ['all@acme.example', true],
    ['{{ user }}@acme.example', false],
    ['{{ username | shout }}@acme.example', false],
    ['{{ username', false],
    ['{% include "file" %}', false],
    ['{% if true %}', false],
    [`{% assign l = 'abcdefghij' | split: '' %}${endless(2)}all@acme.example`, true],
    [`{% assign l = 'abcdefghij' | split: '' %}${endless(20)}all@acme.example`, false],
  ])('with the address %s is taken: %s', (address, taken) => {
    const given = { tenant: 'acme', eventType: 'task.assign', actions: [mail(address)] }
    expect(tenantRule.safeParse(given).success).toBe(taken)
  })
})
