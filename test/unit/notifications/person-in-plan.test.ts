import { expect, it } from '@jest/globals'
import { isFailed, planNotifications } from '../../../lib/notifications/plan.ts'
import { newRuleAction } from '../../../lib/notifications/subscriptions/new-action.ts'

const event = { eventType: 'task.assign', data: {} } as const
const person = { email: 'i.ivanov@acme.example', phone: '+79991234567', telegram: '42' }

it.each([
  ['email', '{{ email }}', person.email],
  ['sms', '{{ phone }}', person.phone],
  ['telegram', '{{ telegram }}', person.telegram],
  ['email', '{{ username }}@acme.example', 'ivanov@acme.example'],
])("a rule's address for %s may be %s", (channel, address, rendered) => {
  const actions = [newRuleAction().parse({ channel, address })]
  const ivanov = { username: 'ivanov', actions, byRule: true, person }
  const [planned] = planNotifications(event, [ivanov], new Date())
  expect(planned).toMatchObject({ channel, address: rendered, timing: { when: 'now' } })
})

it.each([
  '{{ email }}',
  '{%- assign to = email -%}{{ to }}',
  '{% if username == "x" %}x@acme.example{% else %}{{email}}{% endif %}',
])('a person whose address is not known fails, and costs nobody else theirs: %s', (address) => {
  const actions = [newRuleAction().parse({ channel: 'email', address })]
  const rule = { actions, byRule: true }
  const planned = planNotifications(
    event,
    [
      { username: 'petrov', ...rule },
      { username: 'ivanov', ...rule, person },
    ],
    new Date(),
  )
  expect(planned.map(isFailed)).toEqual([true, false])
  expect(planned[0]?.timing).toMatchObject({
    reason: `invalid-address: the person's email is not known: set it with "people set"`,
  })
})

it("language and clock are the action's, the preferences', then the person's own", () => {
  const action = { channel: 'email', address: 'a@acme.example' } as const
  const own = { ...person, locale: 'en', timeZone: 'Asia/Yekaterinburg' }
  const plan = (more: object) => {
    const subscriber = { username: 'ivanov', actions: [action], person: own, ...more }
    return planNotifications(event, [subscriber], new Date())[0]
  }
  expect(plan({})).toMatchObject({ locale: 'en', timeZone: 'Asia/Yekaterinburg' })
  const preferences = { timeZone: 'UTC', locale: 'ru' }
  expect(plan({ preferences })).toMatchObject({ locale: 'ru', timeZone: 'UTC' })
})
