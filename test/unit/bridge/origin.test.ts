import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { originOf, withOrigin } from '../../../lib/bridge/origin.ts'

const origin = fc.record({ exchange: fc.string(), routingKey: fc.string() })
const headers = fc.dictionary(fc.string(), fc.anything())

test('a message that was sent back by its queue’s name has the origin that was written into it', () => {
  fc.assert(
    fc.property(origin, headers, fc.string(), (original, others, queue) => {
      const published = { exchange: '', routingKey: queue }
      expect(originOf(published, withOrigin(others, original))).toEqual(original)
    }),
  )
})

test('headers do not change the origin of a message that passed an exchange', () => {
  fc.assert(
    fc.property(origin, origin, headers, (published, forged, others) => {
      fc.pre(published.exchange !== '')
      expect(originOf(published, withOrigin(others, forged))).toEqual(published)
    }),
  )
})

test.each([[undefined], [{}], [{ 'x-ecos-exchange': 1, 'x-ecos-routing-key': 'a' }]])(
  'headers %j say no origin',
  (given) => {
    const published = { exchange: '', routingKey: 'queue' }
    expect(originOf(published, given)).toEqual(published)
  },
)
