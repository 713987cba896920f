import { describe, expect, it } from '@jest/globals'
import { planNotifications } from '../../../lib/notifications/plan.ts'
import { type Action, action } from '../../../lib/notifications/subscriptions.ts'

const mail = (address: string, more: object = {}): Action =>
  action.parse({ channel: 'email', address, ...more })
const now = { customData: {}, timing: { when: 'now' } }
const data = { taskTitle: 'Счёт', document: { title: 'Договор' } }

describe('a plan', () => {
  it('has one notification for each subscriber and action', () => {
    const subscribers = [
      { username: 'ivanov', actions: [mail('a@x.example'), mail('b@x.example', { locale: 'en' })] },
      { username: 'petrov', actions: [mail('a@x.example', { template: 'short' })] },
    ]
    expect(planNotifications(data, subscribers)).toEqual([
      { username: 'ivanov', channel: 'email', address: 'a@x.example', ...now },
      { username: 'ivanov', channel: 'email', address: 'b@x.example', locale: 'en', ...now },
      { username: 'petrov', channel: 'email', address: 'a@x.example', template: 'short', ...now },
    ])
  })

  it('takes the first of the actions with the same channel and address', () => {
    const actions = [
      mail('a@x.example', { locale: 'en' }),
      mail('b@x.example'),
      mail('a@x.example', { locale: 'ru' }),
    ]
    const planned = planNotifications(data, [{ username: 'ivanov', actions }])
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
    const planned = planNotifications(data, [{ username: 'ivanov', actions }])
    expect(planned.map(({ address, template }) => [address, template])).toEqual([
      ['a@x.example', 'contract'],
    ])
  })

  it('takes custom data from the event by path, and null where a path leads nowhere', () => {
    const customData = { title: 'document.title', amount: 'document.amount' }
    const subscribers = [{ username: 'ivanov', actions: [mail('a@x.example', { customData })] }]
    expect(planNotifications(data, subscribers)).toMatchObject([
      { customData: { title: 'Договор', amount: null } },
    ])
  })
})
