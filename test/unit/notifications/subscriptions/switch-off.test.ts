import { describe, expect, it } from '@jest/globals'
import { action } from '../../../../lib/notifications/subscriptions/subscriptions.ts'
import { switchedOff, switchedOn } from '../../../../lib/notifications/subscriptions/switch-off.ts'

const off = { reason: 'HTTP 410', at: '2026-03-01T00:00:00Z' }
const place = (channel: 'webhook' | 'push', address: string) =>
  ({ tenant: 'acme', username: 'ivanov', channel, address }) as const
const actions = [
  action.parse({ channel: 'webhook', address: 'https://hook.example', locale: 'en' }),
  action.parse({ channel: 'webhook', address: 'https://other.example' }),
  action.parse({ channel: 'push', address: 'token' }),
]
const [hook, other, push] = actions

describe('switching an address off', () => {
  it('keeps a webhook on record, with the reason, and all others as they are', () => {
    const left = switchedOff(actions, place('webhook', 'https://hook.example'), off)
    expect(left).toEqual([{ ...hook, off }, other, push])
  })

  it('again changes nothing', () => {
    const once = switchedOff(actions, place('webhook', 'https://hook.example'), off)
    const again = { ...off, at: '2026-04-01T00:00:00Z' }
    expect(switchedOff(once, place('webhook', 'https://hook.example'), again)).toEqual(once)
  })

  it('is undone by switching the action on', () => {
    const [first] = switchedOff(actions, place('webhook', 'https://hook.example'), off)
    expect(first && switchedOn(first, place('webhook', 'https://hook.example'))).toEqual(hook)
  })

  it('removes the token of a push', () => {
    expect(switchedOff(actions, place('push', 'token'), off)).toEqual([hook, other])
  })

  it('leaves the same address on another channel', () => {
    expect(switchedOff(actions, place('push', 'https://hook.example'), off)).toEqual(actions)
  })
})
