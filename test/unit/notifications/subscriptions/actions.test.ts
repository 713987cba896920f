import { describe, expect, it } from '@jest/globals'
import {
  isAt,
  placeName,
  withActions,
  withoutPlace,
} from '../../../../lib/notifications/subscriptions/actions.ts'
import type { Action } from '../../../../lib/notifications/subscriptions/subscriptions.ts'

const mail = { channel: 'email', address: 'a@acme.example' } as const
const other = { channel: 'email', address: 'b@acme.example' } as const
const hook = { channel: 'webhook', address: 'a@acme.example' } as const

describe('a place', () => {
  it('is one of the same channel and address', () => {
    expect([mail, other, hook, { ...mail }].map(isAt(mail))).toEqual([true, false, false, true])
  })

  it('has a name that no other has', () => {
    expect(placeName(mail)).toBe('email a@acme.example')
    expect(new Set([mail, other, hook].map(placeName)).size).toBe(3)
  })
})

describe('added actions', () => {
  it('replace those at their places, and leave all others', () => {
    const changed: Action = { ...mail, locale: 'en' }
    expect(withActions([mail, hook, other], [changed])).toEqual([hook, other, changed])
    expect(withActions([mail, hook, other], [changed, hook])).toEqual([other, changed, hook])
    expect(withActions([mail], [])).toEqual([mail])
    expect(withActions([], [mail])).toEqual([mail])
  })
})

describe('without a place', () => {
  it('actions that do not name it are the very same', () => {
    const chain: Action = { ...mail, next: [hook] }
    const left = withoutPlace([chain, hook], other)
    expect(left).toEqual([chain, hook])
    expect(left[0]).toBe(chain)
    expect(withoutPlace([mail], other)).toEqual([mail])
  })

  it('an action at it is gone, with all that was tried next', () => {
    expect(withoutPlace([{ ...mail, next: [hook] }, other], mail)).toEqual([other])
  })

  it('an action that tried it next does so no more', () => {
    const chain: Action = { ...mail, locale: 'en', next: [other, hook] }
    expect(withoutPlace([chain], other)).toEqual([{ ...mail, locale: 'en', next: [hook] }])
    expect(withoutPlace([{ ...mail, next: [other] }], other)).toStrictEqual([mail])
  })
})
