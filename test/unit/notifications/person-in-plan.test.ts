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

it("a rule's address that is gone for a person is tried no more, and everybody else's is", () => {
  const actions = [
    newRuleAction().parse({
      ...{ channel: 'email', address: '{{ username }}@acme.example' },
      next: [{ channel: 'sms', address: '{{ phone }}' }],
    }),
  ]
  const off = { reason: 'SMTP 5.1.1', at: '2026-11-25T10:00:00Z' }
  const gone = { 'email ivanov@acme.example': off }
  const rule = { actions, byRule: true, person }
  const planned = planNotifications(
    event,
    [
      { username: 'ivanov', ...rule, gone },
      { username: 'petrov', ...rule },
    ],
    new Date(),
  )
  expect(planned.map(({ username, channel, timing }) => [username, channel, timing.when])).toEqual([
    ['ivanov', 'email', 'blocked'],
    ['ivanov', 'sms', 'now'],
    ['petrov', 'email', 'now'],
    ['petrov', 'sms', 'later'],
  ])
  expect(planned[0]?.timing).toMatchObject({ reason: 'the address is switched off: SMTP 5.1.1' })
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
