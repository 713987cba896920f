import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import * as cborg from 'cborg'
import fc from 'fast-check'
import { dataOf, decodeEvent2 } from '../../lib/records/events-2/codec.ts'
import { target } from '../target.ts'

const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false, Number.MAX_SAFE_INTEGER, -1),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 8 }), tie('any'), { maxKeys: 4 }),
  ),
})).any
const attributes = fc.dictionary(fc.string({ maxLength: 10 }), value, { maxKeys: 5 })
const id = '00112233-4455-6677-8899-aabbccddeeff'
const event = fc.record({
  attributes,
  user: fc.string(),
  at: fc.integer({ min: 0, max: 253_402_300_799_999 }),
})

/** What another library encodes arrives as it was. */
export const cbor = target('cbor', event, async ({ attributes, user, at }) => {
  const sent = {
    id,
    time: new Date(at).toISOString(),
    type: 'record-changed',
    user,
    source: null,
    attributes,
  }
  const read = await decodeEvent2(gzipSync(cborg.encode(sent), { level: 1 }))
  assert.equal(read.outcome, 'event')
  if (read.outcome !== 'event') return
  const arrived = JSON.parse(dataOf(read.event))
  assert.deepEqual(arrived.attributes, JSON.parse(JSON.stringify(attributes)))
  assert.deepEqual([arrived.id, arrived.createdDate, arrived.user], [id, at, user])
})

const damaged = fc.record({
  attributes,
  at: fc.nat(400),
  byte: fc.integer({ min: 0, max: 255 }),
  end: fc.nat(400),
})

/** A damaged body is refused by name, or is still an event with a UUID and a time. */
export const damagedCbor = target(
  'damaged-cbor',
  damaged,
  async ({ attributes, at, byte, end }) => {
    const body = cborg.encode({ id, time: '2026-01-01T00:00:00Z', type: 't', user: '', attributes })
    if (at < body.length) body[at] = byte
    const read = await decodeEvent2(
      gzipSync(end < 300 ? body : body.subarray(0, end), { level: 1 }),
    )
    if (read.outcome === 'refused')
      assert.match(read.reason, /^(not-cbor|not-an-event-2|too-large)$/)
    else {
      assert.match(read.event.id, /^[0-9a-f-]{36}$/)
      assert.ok(Number.isFinite(read.event.time.getTime()))
      JSON.parse(dataOf(read.event))
    }
  },
)
