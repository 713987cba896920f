import { describe, expect, it } from '@jest/globals'
import {
  subscribedType,
  subscription,
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
