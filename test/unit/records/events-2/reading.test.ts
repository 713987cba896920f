import { describe, expect, it } from '@jest/globals'
import type { Interests } from '../../../../lib/events/interest.ts'
import type { Plain } from '../../../../lib/records/events-2/codec.ts'
import { readEvent2 } from '../../../../lib/records/events-2/reading.ts'
import { encodeEvent2 } from '../../../support/encode-event-2.ts'

function read(attributes: Plain, interests: Interests = {}, type = 'record-changed') {
  const event = {
    id: '5f0c2f8e-6a8d-4b44-9a0d-1d2f6f6c8a01',
    time: new Date('2026-03-01T09:00:00Z'),
    type,
    user: 'ivanov',
    source: {},
    attributes,
  }
  return readEvent2({ tenant: 'acme', body: encodeEvent2(event) }, async () => interests)
}

describe('a message of events 2.0', () => {
  it('has its attributes by their paths, and by the names that the notifications read', async () => {
    const reading = await read({ 'record?id': 'e/c@1', 'record?disp': 'One', 'own?str': 'x' })
    if (reading.outcome !== 'event') throw new Error(reading.outcome)
    expect(reading.event).toMatchObject({
      tenant: 'acme',
      type: 'record-changed',
      id: '5f0c2f8e-6a8d-4b44-9a0d-1d2f6f6c8a01',
      subject: 'e/c@1',
    })
    expect(JSON.parse(String(reading.event.data)).attributes).toEqual({
      'record?id': 'e/c@1',
      'record?disp': 'One',
      'own?str': 'x',
      title: 'One',
    })
  })

  it('is unasked where the filter does not hold, and read where there is no interest any more', async () => {
    const filter = { t: 'eq', att: 'typeDef.id', val: 'contract' } as const
    const interests = { 'record-changed': { attributes: [], filter } }
    expect(await read({ 'typeDef.id': 'other' }, interests)).toEqual({ outcome: 'unasked' })
    expect(await read({ 'typeDef.id': 'contract' }, interests)).toMatchObject({ outcome: 'event' })
    expect(await read({ 'typeDef.id': 'other' })).toMatchObject({ outcome: 'event' })
  })

  it('is refused with a type that is none for the bus', async () => {
    for (const type of ['x'.repeat(129), 'a\u0000b']) {
      expect(await read({}, {}, type)).toMatchObject({
        outcome: 'refused',
        reason: 'not-an-event-2',
      })
    }
  })
})
