import { expect, it } from '@jest/globals'
import { unsuitedIn } from '../../../bin/commands/templates-check.ts'
import type { SubscriptionEntry } from '../../../lib/notifications/subscriptions/entry.ts'
import { subscription, tenantRule } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'

const files = {
  ...readBuiltIn(),
  'acme/bill/any.ru.liquid': '{{ event.taskTitle }}\n\n{{ event.taskTitle }}\n',
}
const actions = ['bill', 'nobody-knows', undefined].map((template) => ({
  channel: 'email' as const,
  address: 'a@x.example',
  ...(template && { template }),
}))
const entry = (eventType: string, username?: string): SubscriptionEntry => ({
  of: 'subscription',
  subscription: (username ? subscription : tenantRule).parse({
    tenant: 'acme',
    username,
    eventType,
    actions,
  }),
})

it('the check of templates tells which subscriptions name one of another type', () => {
  const entries = [
    entry('task.assign', 'smith'),
    entry('comment.added', 'jones'),
    entry('record.create'),
    { of: 'misfit', eventType: 'x' } as const,
  ]
  expect(unsuitedIn(entries, files)).toEqual([
    expect.stringMatching(
      /^acme, jones, comment.added: the template "bill" does not suit comment.added: acme\/bill\//,
    ),
    expect.stringMatching(/^acme, everyone else, record.create: the template "bill"/),
  ])
})
