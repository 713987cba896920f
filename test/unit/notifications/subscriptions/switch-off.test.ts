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

  it('stops it wherever it is tried next', () => {
    const [at, away] = [place('webhook', 'https://hook.example'), { channel: 'sms', address: '+1' }]
    const next = [{ channel: 'webhook', address: 'https://hook.example', afterMinutes: 5 }, away]
    const chain = action.parse({ channel: 'email', address: 'a@acme.example', next })
    const [switched] = switchedOff([chain], at, off)
    expect(switched).toEqual({ ...chain, next: [{ ...next[0], off }, away] })
    expect(switched && switchedOn(switched, at)).toStrictEqual(chain)
    expect(switched && switchedOn(switched, place('push', 'x'))).toEqual(switched)
  })

  it('leaves an action without the token that it tried next', () => {
    const next = [{ channel: 'push', address: 'token' }]
    const chain = action.parse({ channel: 'email', address: 'a@acme.example', next })
    expect(switchedOff([chain], place('push', 'token'), off)).toEqual([{ ...chain, next: [] }])
  })

  it('tries the places after a token that is gone in its stead, the first of them at once', () => {
    const [email, sms] = [
      { channel: 'email', address: 'a@acme.example', afterMinutes: 5 },
      { channel: 'sms', address: '+1', afterMinutes: 7 },
    ]
    const chain = (...next: object[]) =>
      action.parse({ channel: 'push', address: 'token', locale: 'en', next })
    expect(switchedOff([chain(email, sms)], place('push', 'token'), off)).toStrictEqual([
      { channel: 'email', address: 'a@acme.example', locale: 'en', next: [sms] },
    ])
    expect(switchedOff([chain(sms)], place('push', 'token'), off)).toStrictEqual([
      { channel: 'sms', address: '+1', locale: 'en' },
    ])
    // A next place that is off stays off.
    const [left] = switchedOff([chain({ ...email, off })], place('push', 'token'), off)
    expect(left).toMatchObject({ channel: 'email', off })
  })

  it('is undone at its place alone', () => {
    const switched = switchedOff(actions, place('webhook', 'https://hook.example'), off)
    const [first] = switched
    expect(first && switchedOn(first, place('webhook', 'https://other.example'))).toEqual(first)
    expect(hook && switchedOn(hook, place('webhook', 'https://hook.example'))).toStrictEqual(hook)
  })
})
