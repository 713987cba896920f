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
