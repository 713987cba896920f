import { describe, expect, it } from '@jest/globals'
import { readActions } from '../../../../lib/notifications/subscriptions/stored-actions.ts'

const mail = { channel: 'email', address: 'ivanov@acme.example' }

describe('stored actions', () => {
  it('are read one by one: one that does not fit costs no other', () => {
    const misfit = { ...mail, template: 7, locale: [] }
    const { actions, broken } = readActions([mail, misfit, { ...mail, address: 'b@acme.example' }])
    expect(actions).toEqual([mail, { ...mail, address: 'b@acme.example' }])
    expect(broken).toEqual([
      { ...mail, fault: 'The stored action does not fit (locale, template): add it again' },
    ])
  })

  it.each([
    [{ channel: 'pigeon', address: 'a' }, { channel: 'unknown', address: 'a' }, 'channel'],
    [{ channel: 'sms' }, { channel: 'sms', address: 'action 2' }, 'address'],
    [
      { channel: 'sms', address: 'a'.repeat(2049) },
      { channel: 'sms', address: 'action 2' },
      'address',
    ],
    [
      { channel: 'sms', address: ' ', off: 'yes' },
      { channel: 'sms', address: 'action 2' },
      'address, off',
    ],
    [{ channel: 'sms', address: ' +1 ', off: 'yes' }, { channel: 'sms', address: '+1' }, 'off'],
    ['text', { channel: 'unknown', address: 'action 2' }, 'the whole'],
    [null, { channel: 'unknown', address: 'action 2' }, 'the whole'],
    [[mail], { channel: 'unknown', address: 'action 2' }, 'the whole'],
  ])('of which one is %j are told by its place, as far as it can be read', (one, place, fields) => {
    expect(readActions([mail, one])).toEqual({
      actions: [mail],
      broken: [{ ...place, fault: `The stored action does not fit (${fields}): add it again` }],
    })
  })

  it.each([undefined, null, {}, 'x', { length: 1 }])(
    'that are no list but %j are all broken',
    (all) => {
      expect(readActions(all)).toEqual({
        actions: [],
        broken: [
          {
            channel: 'unknown',
            address: 'all actions',
            fault: 'The stored actions are not a list: remove the subscription and add it again',
          },
        ],
      })
    },
  )

  it('are followed up to a hundred', () => {
    const many = (length: number) => Array.from({ length }, () => mail)
    expect(readActions([])).toEqual({ actions: [], broken: [] })
    expect(readActions(many(100))).toEqual({ actions: many(100), broken: [] })
    expect(readActions(many(101))).toEqual({
      actions: many(100),
      broken: [
        {
          channel: 'unknown',
          address: 'actions from 101 on',
          fault: 'Only the first 100 stored actions are followed: remove the others',
        },
      ],
    })
  })
})
