import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { encode as cbor2Encode } from 'cbor2'
import * as cborg from 'cborg'
import fc from 'fast-check'
import {
  dataOf,
  decodeEvent2,
  type Event2,
  maxUnpackedBytes,
} from '../../../../lib/records/events-2/codec.ts'
import { encodeEvent2 } from '../../../support/encode-event-2.ts'

/** Bytes as RFC 8949 lays them out, without any library. */
const bytes = (...parts: (string | Buffer)[]) =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part.replaceAll(' ', ''), 'hex') : part,
    ),
  )
const text = (value: string) => {
  const utf8 = Buffer.from(value)
  return bytes(
    utf8.length < 24 ? Buffer.of(0x60 + utf8.length) : Buffer.of(0x78, utf8.length),
    utf8,
  )
}
/** A text in pieces, as Jackson writes a long one. */
const pieces = (...values: string[]) => bytes('7f', ...values.map(text), 'ff')
const map = (...entries: [string, Buffer][]) =>
  bytes(Buffer.of(0xa0 + entries.length), ...entries.flatMap(([key, value]) => [text(key), value]))

const id = '00112233-4455-6677-8899-aabbccddeeff'
const idBytes = bytes('50 00112233445566778899aabbccddeeff')
const iso = '2026-11-25T03:04:05.678Z'

function event(fields: Record<string, Buffer> = {}): Buffer {
  const all = {
    id: idBytes,
    time: text(iso),
    type: text('record-changed'),
    user: text('ivanov'),
    source: map(['appName', text('emodel')]),
    attributes: map(['title', text('Договор №2')]),
    ...fields,
  }
  return map(...Object.entries(all))
}
const decoded = async (cbor: Buffer) => {
  const result = await decodeEvent2(gzipSync(cbor))
  if (result.outcome === 'refused') throw new Error(result.explanation)
  return result.event
}

describe('an event 2.0, made byte by byte', () => {
  test('every field', async () => {
    expect(await decoded(event())).toEqual({
      id,
      time: new Date(iso),
      type: 'record-changed',
      user: 'ivanov',
      source: { appName: 'emodel' },
      attributes: { title: 'Договор №2' },
    })
  })

  test.each<[string, Buffer]>([
    ['16 bytes', idBytes],
    ['16 bytes in the tag of a UUID', bytes('d8 25', idBytes)],
    ['text', text(id)],
    ['text in upper case', text(id.toUpperCase())],
  ])('the id as %s', async (_, value) => expect((await decoded(event({ id: value }))).id).toBe(id))

  test.each<[string, Buffer, string]>([
    ['ISO text', text(iso), iso],
    ['ISO text with an offset and nanoseconds', text('2026-11-25T06:04:05.678901234+03:00'), iso],
    ['ISO text in the tag of a time', bytes('c0', text(iso)), iso],
    ['epoch milliseconds', bytes('1b 000001a210a9132e'), iso],
    ['epoch seconds with a fraction', bytes('fb 41dac19409600000'), '2026-11-25T03:04:05.500Z'],
    ['epoch seconds in the tag of a time', bytes('c1 1a 514b67b0'), '2013-03-21T20:04:00.000Z'],
    [
      "epoch seconds as Java's BigDecimal",
      bytes('c4 82 28 1b 15b1f3bd7a1b2c3d'),
      '2019-07-16T17:35:40.797Z',
    ],
  ])('the time as %s', async (_, value, expected) =>
    expect((await decoded(event({ time: value }))).time.toISOString()).toBe(expected),
  )

  test('a long text in pieces', async () => {
    const attributes = map(['text', pieces('one, ', 'two')])
    expect((await decoded(event({ attributes }))).attributes).toEqual({ text: 'one, two' })
  })

  test('a map and a list without a length', async () => {
    const attributes = bytes('bf', text('list'), '9f 01 02 ff', 'ff')
    expect((await decoded(event({ attributes }))).attributes).toEqual({ list: [1, 2] })
  })

  test('values that JSON has no word for, in the data', async () => {
    const attributes = map(
      ['big', bytes('1b ffffffffffffffff')],
      ['decimal', bytes('c4 82 21 19 3039')],
      ['bytes', bytes('43 010203')],
      ['nan', bytes('f9 7e00')],
      ['undefined', bytes('f7')],
      ['__proto__', bytes('01')],
      ['map', bytes('a1 01 02')],
    )
    const data = dataOf(await decoded(event({ attributes })))
    expect(data).toContain(
      '"attributes":{"big":18446744073709551615,"decimal":123.45,"bytes":"AQID",' +
        '"nan":null,"undefined":null,"__proto__":1,"map":{"1":2}}',
    )
  })

  test('the data has the fields of events 1.0', async () => {
    const attributes = map(['record?id', text('emodel/contract@42')])
    expect(JSON.parse(dataOf(await decoded(event({ attributes }))))).toEqual({
      id,
      type: 'record-changed',
      docId: 'emodel/contract@42',
      createdDate: Date.parse(iso),
      user: 'ivanov',
      source: { appName: 'emodel' },
      attributes: { 'record?id': 'emodel/contract@42' },
    })
  })
})

test.each(['toString', '__proto__', 'constructor', 'toJSON', 'then', ''])(
  'the key "%s" is one like any other, at any depth',
  async (key) => {
    const inside = map([key, bytes('81', map([key, text(key)]))])
    const one = await decoded(event({ source: inside, attributes: inside, [key]: inside }))
    const expected = `{${JSON.stringify(key)}:[{${JSON.stringify(key)}:${JSON.stringify(key)}}]}`
    expect(dataOf(one)).toContain(`"source":${expected},"attributes":${expected}}`)
  },
)

describe('what is refused, with its reason', () => {
  const nested = (depth: number) => bytes(Buffer.alloc(depth, 0x81), '00')
  const refusal = async (body: Uint8Array) => {
    const result = await decodeEvent2(body)
    return result.outcome === 'refused' ? result.reason : result
  }

  test.each<[string, Buffer, string]>([
    ['no body', Buffer.alloc(0), 'empty-body'],
    ['JSON', Buffer.from('{"data":{}}'), 'not-gzip'],
    ['half of it', gzipSync(event()).subarray(0, 60), 'not-gzip'],
    ['a bomb', gzipSync(Buffer.alloc(maxUnpackedBytes + 1)), 'too-large'],
    ['half of the CBOR', gzipSync(event().subarray(0, 40)), 'not-cbor'],
    ['two of them', gzipSync(bytes(event(), event())), 'not-cbor'],
    ['a list that says it is endless', gzipSync(bytes('9b 0000ffffffffffff 01')), 'not-cbor'],
    ['bytes that say they are endless', gzipSync(bytes('5b 00000000ffffffff 01')), 'not-cbor'],
    ['lists in lists', gzipSync(event({ attributes: nested(1000) })), 'not-cbor'],
    ['very deep lists', gzipSync(nested(5_000_000)), 'not-cbor'],
    ['broken UTF-8', gzipSync(event({ user: bytes('62 ff ff') })), 'not-cbor'],
    ['a list', gzipSync(bytes('80')), 'not-an-event-2'],
    ['no UUID', gzipSync(event({ id: text('1') })), 'not-an-event-2'],
    ['no time', gzipSync(event({ time: text('soon') })), 'not-an-event-2'],
    ['no type', gzipSync(event({ type: bytes('f6') })), 'not-an-event-2'],
    ['no attributes', gzipSync(event({ attributes: bytes('80') })), 'not-an-event-2'],
  ])('%s', async (_, body, reason) => expect(await refusal(body)).toBe(reason))

  test.each<[string, Buffer, RegExp]>([
    ['a text that is not UTF-8', bytes('62 ff ff'), /a text is not UTF-8/],
    ['a character across two pieces', bytes('7f 61d0 61b0 ff'), /a text is not UTF-8/],
    ['a decimal fraction with a part', bytes('c4 82 21 fb3ff8000000000000'), /decimal fraction/],
    ['a decimal fraction of three', bytes('c4 83 01 02 03'), /decimal fraction/],
    ['a decimal fraction of maps', bytes('c4 82 01', map(['toString', text('x')])), /decimal/],
    ['a map as a key', bytes('a1', map(['toString', text('x')]), '01'), /a key is a list or a map/],
    ['a list as a key', bytes('a1 81 01 01'), /a key is a list or a map/],
    ['a tagged map as a key', bytes('a1 c6 a0 01'), /a key is a list or a map/],
    ['bytes for a big number', bytes('c2', text('Secretov')), /a big number/],
    ['a very big number', bytes('c2 59 0401', Buffer.alloc(1025, 1)), /over 1024 bytes/],
    ['deep lists', nested(1000), /990 deep/],
  ])('%s, as the explanation says', async (_, value, explanation) => {
    const attributes = map(['Secretov', value])
    const refused = await decodeEvent2(gzipSync(event({ attributes })))
    expect(refused).toEqual({
      outcome: 'refused',
      reason: 'not-cbor',
      explanation: expect.stringMatching(explanation),
    })
    expect(JSON.stringify(refused)).not.toContain('Secretov')
  })

  test.each([
    ['a number', 'c1'],
    ['an expression', 'd8 23'],
    ['a set', 'd9 0102'],
  ])('never quotes the body: what says that it is %s and is none', async (_, tag) => {
    const refused = await decodeEvent2(gzipSync(bytes(tag, text('Secretov('))))
    expect(refused).toMatchObject({ outcome: 'refused', reason: 'not-an-event-2' })
    expect(JSON.stringify(refused)).not.toContain('Secretov')
  })

  test('nothing that is sent throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (some) => {
        expect(['event', 'refused']).toContain((await decodeEvent2(gzipSync(some))).outcome)
      }),
    )
  })
})

/** JSON values, without numbers that have two notations. */
const values = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.parse(JSON.stringify(value)))
const events: fc.Arbitrary<Event2> = fc.record({
  id: fc.uuid(),
  time: fc.date({
    min: new Date(1_000_000_000_000),
    max: new Date(4_000_000_000_000),
    noInvalidDate: true,
  }),
  type: fc.constant('record-changed'),
  user: fc.string({ unit: 'grapheme' }),
  source: fc.record({ appName: fc.string() }),
  attributes: fc.dictionary(fc.string(), values),
})
const json = (value: unknown) => JSON.parse(JSON.stringify(value))

test('what is encoded is decoded as it was', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (one) => {
      expect(json(await decodeEvent2(encodeEvent2(one)))).toEqual(
        json({ outcome: 'event', event: one }),
      )
    }),
  )
})

test('a second CBOR library reads ours, and we read what it writes', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (one) => {
      const plain = { ...one, time: one.time.toISOString() }
      expect(json(cborg.decode(cbor2Encode(plain), { allowBigInt: true }))).toEqual(json(plain))
      const theirs = await decodeEvent2(gzipSync(cborg.encode(plain)))
      expect(json(theirs)).toEqual(json({ outcome: 'event', event: one }))
    }),
  )
})
