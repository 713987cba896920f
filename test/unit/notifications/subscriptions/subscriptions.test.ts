import { describe, expect, it } from '@jest/globals'
import {
  action,
  customDataName,
  placesOf,
  subscribedType,
  subscription,
  tenantRule,
} from '../../../../lib/notifications/subscriptions/subscriptions.ts'

describe('subscriptions', () => {
  it('has one for new tasks, whether offered or assigned', () => {
    expect(subscribedType('task.create')).toBe('task.assign')
    expect(subscribedType('task.assign')).toBe('task.assign')
    expect(subscribedType('task.complete')).toBe('task.complete')
    expect(subscribedType('task.delete')).toBe('task.delete')
  })

  it('keeps user names in lower case', () => {
    const parsed = subscription.parse({
      tenant: 'acme',
      username: 'Ivanov',
      eventType: 'task.assign',
      actions: [{ channel: 'email', address: ' ivanov@acme.example ' }],
    })
    expect(parsed.username).toBe('ivanov')
    expect(parsed.actions).toEqual([{ channel: 'email', address: 'ivanov@acme.example' }])
  })
})

const mail = { channel: 'email', address: 'a@acme.example' }
const off = { reason: 'HTTP 410', at: '2026-03-01T00:00:00Z' }
const takes = (more: object) => action.safeParse({ ...mail, ...more }).success
const listOf = (length: number, one: unknown) => Array.from({ length }, () => one)

describe('an action', () => {
  it('is kept as it is', () => {
    const full = {
      ...mail,
      off,
      next: [{ channel: 'sms', address: '+79991234567', afterMinutes: 30, off }],
      locale: 'en',
      template: 'short',
      condition: { t: 'empty', att: 'dueDate' },
      customData: { boss: 'initiator', _a1: 'x.y' },
      reminders: ['1d before due'],
    }
    expect(action.parse(full)).toEqual(full)
    expect(action.parse(mail)).toEqual(mail)
    expect(action.parse({ ...mail, customData: undefined })).toEqual(mail)
  })

  it.each([
    [{ channel: 'pigeon' }, { channel: 'sms' }],
    [{ address: ' ' }, { address: ' a ' }],
    [{ address: 'a'.repeat(2049) }, { address: ` ${'a'.repeat(2048)}` }],
    [{ off: {} }, { off }],
    [{ off: { ...off, at: 1 } }, { off: { ...off, more: 1 } }],
    [{ next: listOf(4, mail) }, { next: listOf(3, mail) }],
    [{ next: [{ ...mail, afterMinutes: 0 }] }, { next: [{ ...mail, afterMinutes: 1 }] }],
    [{ next: [{ ...mail, afterMinutes: 1441 }] }, { next: [{ ...mail, afterMinutes: 1440 }] }],
    [{ next: [{ ...mail, afterMinutes: 1.5 }] }, { next: [{ ...mail }] }],
    [{ next: [{ address: 'a' }] }, { next: [] }],
    [{ locale: 7 }, { locale: 'xx' }],
    [{ template: '' }, { template: 'a' }],
    [{ template: 'a'.repeat(101) }, { template: 'a'.repeat(100) }],
    [{ condition: {} }, { condition: { t: 'empty', att: 'a' } }],
    [{ customData: { a: '' } }, { customData: { a: 'b' } }],
    [{ customData: { a: 'b'.repeat(257) } }, { customData: { a: 'b'.repeat(256) } }],
    [{ customData: { a: 7 } }, { customData: {} }],
    [{ customData: { '1a': 'b' } }, { customData: { a1: 'b' } }],
    [{ customData: 'text' }, {}],
    [{ reminders: ['tomorrow'] }, { reminders: [] }],
    [{ reminders: ['1h', '2h', '3h', '4h', '5h', '6h'].map((span) => `${span} overdue`) }, {}],
  ])('can not have %j, and can have %j', (wrong, right) => {
    expect([takes(wrong), takes(right)]).toEqual([false, true])
  })

  it('with custom data named __proto__ is refused by that name', () => {
    const customData = JSON.parse('{"__proto__": "docId"}')
    const { error } = action.safeParse({ ...mail, customData })
    expect(error?.issues).toEqual([
      expect.objectContaining({
        path: ['customData', '__proto__'],
        message: 'must be a name of letters, digits and underscores, and not __proto__',
      }),
    ])
  })

  it.each([
    ['a', true],
    ['_', true],
    ['Z_9', true],
    ['a'.repeat(64), true],
    ['a'.repeat(65), false],
    ['', false],
    ['9a', false],
    ['a-b', false],
    ['a b', false],
    ['a\n', false],
    ['é', false],
    ['valueOf', false],
    ['__proto__', false],
  ])('has custom data of the name %j: %s', (name, taken) => {
    const { success, error } = customDataName.safeParse(name)
    expect(success).toBe(taken)
    if (!taken) {
      expect(error?.issues.map(({ message }) => message)).toEqual([
        'must be a name of letters, digits and underscores, and not one of JavaScript such as constructor',
      ])
    }
  })

  it('goes to its own place, and then to the next ones', () => {
    const next = [{ channel: 'sms' as const, address: '+79991234567', afterMinutes: 30 }]
    const own = { channel: 'email' as const, address: 'a@acme.example' }
    expect(placesOf({ ...own, next, locale: 'en' })).toStrictEqual([own, ...next])
    expect(placesOf({ ...own, off })).toStrictEqual([{ ...own, off }])
  })
})

describe('a subscription or a rule', () => {
  const given = { tenant: 'acme', username: 'ivanov', eventType: 'task.create', actions: [mail] }

  it('to a new task is one to an assigned one', () => {
    expect(subscription.parse(given)).toEqual({ ...given, eventType: 'task.assign' })
    const { username: _, ...rule } = given
    expect(tenantRule.parse(given)).toEqual({ ...rule, eventType: 'task.assign' })
  })

  it.each([
    { tenant: '' },
    { username: '' },
    { eventType: 'task.done' },
    { actions: listOf(101, mail) },
    { actions: {} },
  ])('can not have %j', (wrong) => {
    expect(subscription.safeParse({ ...given, ...wrong }).success).toBe(false)
  })

  it('has a hundred actions at most', () => {
    const actions = listOf(100, mail)
    expect(subscription.safeParse({ ...given, actions }).success).toBe(true)
    expect(tenantRule.safeParse({ ...given, actions }).success).toBe(true)
    expect(tenantRule.safeParse({ ...given, actions: [...actions, mail] }).success).toBe(false)
  })

  it('of a tenant has no address that can not be rendered, whichever of its places it is', () => {
    const wrong = { ...mail, address: '{{ user }}@acme.example' }
    for (const actions of [[mail, wrong], [{ ...mail, next: [wrong] }], [wrong, mail]]) {
      const { error } = tenantRule.safeParse({ ...given, actions })
      expect(error?.issues).toEqual([
        expect.objectContaining({
          path: ['actions'],
          message: expect.stringMatching(/^a rule’s address may use \{\{ username/),
        }),
      ])
      expect(subscription.safeParse({ ...given, actions }).success).toBe(true)
    }
  })
})
