import { describe, expect, it } from '@jest/globals'
import { channelNames } from '../../../lib/channels/channel.ts'
import { whyBlocked } from '../../../lib/notifications/timing.ts'
import {
  allowedPlaces,
  channelsAfter,
  choicesOf,
  placeOf,
  withoutMail,
} from '../../../lib/own-page/choices.ts'

const choices = choicesOf(
  [{ eventType: 'task.assign', actions: [{ channel: 'telegram' }, { channel: 'email' }] }],
  [
    { eventType: 'task.assign', actions: [{ channel: 'sms' }] },
    { eventType: 'comment.added', actions: [{ channel: 'email' }, { channel: 'email' }] },
  ],
)
const without = (...places: string[]) =>
  new Set(allowedPlaces(choices, {}).filter((place) => !places.includes(place)))

describe('the choices of a person', () => {
  it('are their own subscriptions, and the rules for all other types', () => {
    expect(choices).toEqual([
      { eventType: 'task.assign', channels: ['email', 'telegram'] },
      { eventType: 'comment.added', channels: ['email'] },
    ])
  })

  it('that stay as they were change nothing', () => {
    for (const channels of [undefined, {}, { '*': ['sms' as const], 'task.create': [] }]) {
      const before = channels ? { channels } : {}
      const chosen = new Set(allowedPlaces(choices, before))
      expect(channelsAfter(choices, chosen, before)).toEqual(channels ?? {})
    }
  })

  it('turn a channel off and on again, and leave what was not offered alone', () => {
    const place = placeOf('task.assign', 'email')
    const off = channelsAfter(choices, without(place), {})
    expect(off).toEqual({ 'task.assign': channelNames.filter((name) => name !== 'email') })
    expect(whyBlocked({ channels: off }, 'task.create', 'email')).toBeDefined()
    expect(whyBlocked({ channels: off }, 'task.assign', 'sms')).toBeUndefined()
    const on = channelsAfter(choices, without(), { channels: off })
    expect(whyBlocked({ channels: on }, 'task.create', 'email')).toBeUndefined()
  })

  it('about new tasks end an exception for those of a group', () => {
    const before = { channels: { 'task.create': ['email' as const] } }
    const after = channelsAfter(choices, without(placeOf('task.assign', 'email')), before)
    expect(whyBlocked({ channels: after }, 'task.create', 'email')).toBeDefined()
  })
})

describe('reminders of tasks', () => {
  const actions = [
    { channel: 'email' as const },
    { channel: 'sms' as const, reminders: ['overdue'] },
  ]
  const own = [{ eventType: 'task.assign' as const, actions }]

  it('are a choice where a subscription asks for them, or the person has got one', () => {
    expect(choicesOf(own, []).at(-1)).toEqual({ eventType: 'task.reminder', channels: ['sms'] })
    const got = { eventType: 'task.reminder', channels: ['email', 'sms'] }
    expect(choicesOf(own, [], true).at(-1)).toEqual(got)
  })

  it('end alone where the person unsubscribes from one', () => {
    const channels = withoutMail('task.reminder', { channels: { 'task.assign': ['email', 'sms'] } })
    expect(channels).toEqual({ 'task.assign': ['email', 'sms'], 'task.reminder': ['sms'] })
    expect(whyBlocked({ channels }, 'task.reminder', 'email')).toBeDefined()
    expect(whyBlocked({ channels }, 'task.create', 'email')).toBeUndefined()
  })
})

describe('who unsubscribes from mails', () => {
  it.each(['task.assign', 'task.create'])(
    'of %s gets none of new tasks, and all others',
    (type) => {
      const channels = withoutMail(type, { channels: { 'task.create': ['email', 'sms'] } })
      expect(whyBlocked({ channels }, 'task.create', 'email')).toBeDefined()
      expect(whyBlocked({ channels }, 'task.assign', 'email')).toBeDefined()
      expect(whyBlocked({ channels }, 'task.create', 'sms')).toBeUndefined()
      expect(whyBlocked({ channels }, 'comment.added', 'email')).toBeUndefined()
    },
  )

  it('of a digest gets none at all', () => {
    const channels = withoutMail('notification.digest', { channels: { 'task.delete': ['email'] } })
    expect(channels['task.delete']).toEqual([])
    expect(whyBlocked({ channels }, 'comment.added', 'email')).toBeDefined()
    expect(whyBlocked({ channels }, 'comment.added', 'push')).toBeUndefined()
  })

  it('may do so twice', () => {
    const once = withoutMail('comment.added', {})
    expect(withoutMail('comment.added', { channels: once })).toEqual(once)
  })
})
