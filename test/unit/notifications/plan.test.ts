import { describe, expect, it } from '@jest/globals'
import { isFailed, planNotifications } from '../../../lib/notifications/plan.ts'
import { preferences } from '../../../lib/notifications/subscriptions/preferences.ts'
import {
  type Action,
  action,
  type Subscriber,
} from '../../../lib/notifications/subscriptions/subscriptions.ts'

const mail = (address: string, more: object = {}): Action =>
  action.parse({ channel: 'email', address, ...more })
const noon = new Date('2026-03-04T12:00:00Z')
const planOf = (subscribers: Subscriber[]) =>
  planNotifications({ eventType: 'task.create', data }, subscribers, noon)
/** Those that can be planned. */
const sendable = (subscribers: Subscriber[]) =>
  planOf(subscribers).flatMap((one) => (isFailed(one) ? [] : [one]))
const now = { customData: {}, timing: { when: 'now' } }
const data = { taskTitle: 'Счёт', document: { title: 'Договор' } }

describe('a plan', () => {
  it('has one notification for each subscriber and action', () => {
    const subscribers = [
      { username: 'ivanov', actions: [mail('a@x.example'), mail('b@x.example', { locale: 'en' })] },
      { username: 'petrov', actions: [mail('a@x.example', { template: 'short' })] },
    ]
    expect(planOf(subscribers)).toEqual([
      { username: 'ivanov', channel: 'email', address: 'a@x.example', ...now },
      { username: 'ivanov', channel: 'email', address: 'b@x.example', locale: 'en', ...now },
      { username: 'petrov', channel: 'email', address: 'a@x.example', template: 'short', ...now },
    ])
  })

  it('has the addresses that the rule renders for each person, in the form of the channel', () => {
    const rule = [mail('{{ username | url_encode }}@Acme.Example'), mail('all@acme.example')]
    const found = planOf([
      { username: 'petrov', actions: rule, byRule: true },
      { username: 'a b', actions: rule, byRule: true },
      { username: 'x'.repeat(65), actions: rule, byRule: true },
    ])
    expect(found.map(({ address, timing }) => [address, timing])).toEqual([
      ['petrov@acme.example', { when: 'now' }],
      ['all@acme.example', { when: 'now' }],
      ['a+b@acme.example', { when: 'now' }],
      ['all@acme.example', { when: 'now' }],
      [
        rule[0]?.address,
        {
          when: 'failed',
          reason: 'invalid-address: the address is too long: 64 bytes before the @, 254 in all',
        },
      ],
      ['all@acme.example', { when: 'now' }],
    ])
  })

  it('takes the first of the actions with the same channel and address', () => {
    const actions = [
      mail('a@x.example', { locale: 'en' }),
      mail('b@x.example'),
      mail('a@x.example', { locale: 'ru' }),
    ]
    const planned = sendable([{ username: 'ivanov', actions }])
    expect(planned.map(({ address, locale }) => [address, locale])).toEqual([
      ['a@x.example', 'en'],
      ['b@x.example', undefined],
    ])
  })

  it('has nothing for an action whose condition does not hold, and the next for the same address', () => {
    const about = (title: string) => ({ t: 'contains', att: 'document.title', val: title })
    const actions = [
      mail('a@x.example', { template: 'bill', condition: about('счёт') }),
      mail('a@x.example', { template: 'contract', condition: about('договор') }),
      mail('b@x.example', { condition: about('счёт') }),
    ]
    const planned = sendable([{ username: 'ivanov', actions }])
    expect(planned.map(({ address, template }) => [address, template])).toEqual([
      ['a@x.example', 'contract'],
    ])
  })

  it('holds back what the person wants held, and blocks the channels that they have turned off', () => {
    const wanting = (wish: object) => preferences.parse({ timeZone: 'Europe/Moscow', ...wish })
    const quietHours = { from: '14:00', to: '18:30' }
    const timingFor = (wish: object) =>
      planOf([{ username: 'ivanov', actions: [mail('a')], preferences: wanting(wish) }])[0]?.timing

    expect(timingFor({})).toEqual({ when: 'now' })
    const later = { when: 'later', notBefore: '2026-03-04T15:30:00Z', digest: false }
    expect(timingFor({ quietHours })).toEqual(later)
    const digest = { when: 'later', notBefore: '2026-03-05T06:00:00Z', digest: true }
    expect(timingFor({ quietHours, digest: { at: '09:00' } })).toEqual(digest)
    expect(timingFor({ quietHours, digest: { at: '09:00', channels: ['push'] } })).toEqual(later)
    expect(timingFor({ quietHours, urgent: ['task.create'] })).toEqual({ when: 'now' })
    expect(timingFor({ quietHours, urgent: ['task.assign'] })).toEqual({ when: 'now' })
    expect(timingFor({ quietHours, urgent: ['task.delete'] })).toEqual(later)

    const blocked = {
      when: 'blocked',
      reason: expect.stringContaining('turned the event type off'),
    }
    expect(timingFor({ channels: { 'task.create': ['push'] } })).toEqual(blocked)
    expect(timingFor({ channels: { 'task.assign': [] } })).toEqual(blocked)
    expect(timingFor({ channels: { '*': ['push'] }, urgent: ['task.create'] })).toEqual(blocked)
    const ownEntry = { '*': ['push'], 'task.create': ['email'] }
    expect(timingFor({ channels: ownEntry })).toEqual({ when: 'now' })
    expect(timingFor({ channels: { 'task.delete': [] } })).toEqual({ when: 'now' })
  })

  it('computes with the time zone only for quiet hours and digests', () => {
    const timings = ['IST', 'PST'].flatMap((timeZone) =>
      [
        {},
        { locale: 'en', channels: { '*': ['email'] } },
        { quietHours: { from: '14:00', to: '18:30' }, urgent: ['task.create'] },
        { digest: { at: '09:00', channels: ['push'] } },
        { quietHours: { from: '14:00', to: '18:30' } },
        { digest: { at: '09:00' } },
      ].map((wish) => {
        const wishes = preferences.parse({ timeZone, ...wish })
        return planOf([{ username: 'ivanov', actions: [mail('a')], preferences: wishes }])[0]
          ?.timing
      }),
    )
    const [now, failed] = [
      { when: 'now' },
      { when: 'failed', reason: expect.stringMatching('IST|PST') },
    ]
    const expected = [now, now, now, now, failed, failed]
    expect(timings).toEqual([...expected, ...expected])
  })

  it('has blocked what would go to an address that is switched off', () => {
    const off = { reason: 'HTTP 410', at: '2026-03-01T00:00:00Z' }
    expect(planOf([{ username: 'ivanov', actions: [mail('a', { off })] }])).toMatchObject([
      { timing: { when: 'blocked', reason: 'the address is switched off: HTTP 410' } },
    ])
  })

  it('takes the language of the action, or else of the person', () => {
    const inEnglish = preferences.parse({ timeZone: 'UTC', locale: 'en' })
    const actions = [mail('a'), mail('b', { locale: 'de' })]
    const planned = sendable([{ username: 'ivanov', actions, preferences: inEnglish }])
    expect(planned.map(({ locale }) => locale)).toEqual(['en', 'de'])
  })

  it('takes custom data from the event by path, and null where a path leads nowhere', () => {
    const customData = { title: 'document.title', amount: 'document.amount' }
    const subscribers = [{ username: 'ivanov', actions: [mail('a@x.example', { customData })] }]
    expect(planOf(subscribers)).toMatchObject([{ customData: { title: 'Договор', amount: null } }])
  })
})

describe('a plan of places that are tried one after another', () => {
  const sms = (address: string, more: object = {}) => ({ channel: 'sms', address, ...more })
  const off = { reason: 'HTTP 410', at: '2026-03-01T00:00:00Z' }
  const timings = (subscriber: Partial<Subscriber>) =>
    planOf([{ username: 'ivanov', actions: [], ...subscriber }]).map(({ address, timing }) => [
      address,
      timing,
    ])
  const later = (time: string, ...before: [string, string][]) => ({
    ...{ when: 'later', notBefore: `2026-03-04T${time}:00.000Z`, digest: false },
    awaits: before.map(([channel, address]) => ({ channel, address })),
  })

  it('has each wait for all before, ten minutes unless it says otherwise', () => {
    const next = [sms('1'), sms('2', { afterMinutes: 30 })]
    expect(timings({ actions: [mail('a', { next })] })).toEqual([
      ['a', { when: 'now' }],
      ['1', later('12:10', ['email', 'a'])],
      ['2', later('12:40', ['email', 'a'], ['sms', '1'])],
    ])
  })

  it('counts from the time at which the first is sent', () => {
    const quietHours = { from: '11:00', to: '13:00' }
    const wishes = preferences.parse({ timeZone: 'UTC', quietHours })
    const actions = [mail('a', { next: [sms('1')] })]
    expect(timings({ actions, preferences: wishes })).toEqual([
      ['a', { when: 'later', notBefore: '2026-03-04T13:00:00Z', digest: false }],
      ['1', later('13:10', ['email', 'a'])],
    ])
  })

  it('does not wait for one that gets nothing, and has the next in its stead', () => {
    const next = [sms('1'), sms('2')]
    const blocked = { when: 'blocked', reason: 'the address is switched off: HTTP 410' }
    expect(timings({ actions: [mail('a', { off, next })] })).toEqual([
      ['a', blocked],
      ['1', { when: 'now' }],
      ['2', later('12:10', ['sms', '1'])],
    ])
    const telegram = { channel: 'telegram', address: '1234567' }
    const byRule = { actions: [mail('{{ email }}', { next: [telegram] })], byRule: true }
    expect(timings(byRule)).toEqual([
      ['{{ email }}', { when: 'failed', reason: expect.stringMatching(/^invalid-address: /) }],
      ['1234567', { when: 'now' }],
    ])
    const switched = [sms('1', { off }), sms('2')]
    expect(timings({ actions: [mail('a', { next: switched })] })).toEqual([
      ['a', { when: 'now' }],
      ['1', blocked],
      ['2', later('12:10', ['email', 'a'])],
    ])
  })

  it('is none where the condition does not hold', () => {
    const condition = { t: 'contains', att: 'document.title', val: 'счёт' }
    expect(timings({ actions: [mail('a', { condition, next: [sms('1')] })] })).toEqual([])
  })

  it('has a place once, by the action whose own it is', () => {
    const actions = [
      mail('a', { next: [sms('1'), { channel: 'email', address: 'b' }] }),
      mail('b', { locale: 'en' }),
    ]
    expect(timings({ actions })).toEqual([
      ['a', { when: 'now' }],
      ['b', { when: 'now' }],
      ['1', later('12:10', ['email', 'a'])],
    ])
  })

  it('has a person’s place beside the same place of another', () => {
    const subscriber = { actions: [mail('a', { next: [sms('1')] })] }
    const planned = planOf([
      { username: 'ivanov', ...subscriber },
      { username: 'petrov', ...subscriber },
    ])
    expect(planned.map(({ username, address }) => [username, address])).toEqual([
      ...[
        ['ivanov', 'a'],
        ['ivanov', '1'],
      ],
      ...[
        ['petrov', 'a'],
        ['petrov', '1'],
      ],
    ])
  })
})

describe('a plan of what can not be planned', () => {
  const broken = [{ channel: 'email', address: 'a', fault: 'no such template' }] as const
  const failed = { when: 'failed', reason: 'invalid-subscription: no such template' }

  it('says why a stored action sends nothing, after those that do', () => {
    const actions = [mail('b', { next: [{ channel: 'sms', address: '1' }] })]
    const planned = planOf([{ username: 'ivanov', actions, broken }])
    expect(planned.map(({ address }) => address)).toEqual(['b', 'a', '1'])
    expect(planned[1]).toEqual({
      ...{ username: 'ivanov', channel: 'email', address: 'a', timing: failed },
    })
    expect(planned.map(isFailed)).toEqual([false, true, false])
  })

  it('has another action to the same place take its place, and fails once if none can', () => {
    const condition = { t: 'eq', att: 7 } as never
    const failing: Action = { ...mail('a'), condition }
    const of = (...actions: Action[]) => planOf([{ username: 'ivanov', actions, broken }])
    expect(of(failing, mail('a', { locale: 'en' }))).toMatchObject([
      { address: 'a', locale: 'en', timing: { when: 'now' } },
    ])
    expect(of(failing)).toHaveLength(1)
    expect(of(failing)).toMatchObject([{ timing: { when: 'failed' } }])
  })

  it('fails for preferences that can not be read, whatever the action', () => {
    const actions = [mail('a'), mail('b', { off: { reason: 'x', at: '' } })]
    const planned = planOf([{ username: 'ivanov', actions, preferencesFault: 'they do not fit' }])
    const timing = { when: 'failed', reason: 'invalid-preferences: they do not fit' }
    expect(planned.map((one) => one.timing)).toEqual([timing, timing])
  })
})

it('a plan has the reminders of an action, and the zone of the person that can be written', () => {
  const of = (more: Partial<Subscriber>, action: object = {}) =>
    sendable([{ username: 'ivanov', actions: [mail('a', action)], ...more }])[0]
  expect(of({}, { reminders: ['overdue'] })?.reminders).toEqual(['overdue'])
  expect(of({})).not.toHaveProperty('reminders')
  const person = { timeZone: 'Asia/Tokyo' }
  expect(of({ person })?.timeZone).toBe('Asia/Tokyo')
  expect(of({ person, preferences: { timeZone: 'UTC' } })?.timeZone).toBe('UTC')
  expect(of({ person: { timeZone: 'Mars/Base' } })).not.toHaveProperty('timeZone')
})
