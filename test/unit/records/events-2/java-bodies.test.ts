import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, test } from '@jest/globals'
import { catalogue, type EventType } from '../../../../lib/events/catalogue.ts'
import { parseExactJson } from '../../../../lib/events/exact-number.ts'
import type { Predicate } from '../../../../lib/events/predicate.ts'
import { maxNesting, maxValues } from '../../../../lib/records/events-2/cbor.ts'
import { dataOf, decodeEvent2, maxUnpackedBytes } from '../../../../lib/records/events-2/codec.ts'
import { readEvent2 } from '../../../../lib/records/events-2/reading.ts'

/** Bodies that a Java client wrote with Jackson, each with what it meant. */
const fixtures = readFileSync('test/fixtures/events-2.0.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const { bodyBase64, ...meant } = parseExactJson(line) as Record<string, unknown>
    return { body: Buffer.from(String(bodyBase64), 'base64'), meant }
  })

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const cborText = (text: string) => Buffer.concat([Buffer.of(0x60 + text.length), Buffer.from(text)])

/** A body of one attribute, `any`, and a time, as bytes of CBOR. */
function bodyWith(any: Buffer, time = cborText('2026-01-01T00:00Z')): Buffer {
  const fields: [string, Buffer][] = [
    ['id', hex('50 00112233445566778899aabbccddeeff')],
    ['time', time],
    ['type', cborText('record-changed')],
    ['source', hex('f6')],
    ['attributes', Buffer.concat([hex('a1'), cborText('any'), any])],
  ]
  return Buffer.concat([hex('a5'), ...fields.flatMap(([key, value]) => [cborText(key), value])])
}
async function decoded(cbor: Buffer) {
  const result = await decodeEvent2(gzipSync(cbor))
  if (result.outcome === 'refused') throw new Error(result.explanation)
  return result.event
}
const anyIn = async (any: string) => {
  const data = dataOf(await decoded(bodyWith(hex(any))))
  return /"any":(.*)\}\}$/.exec(data)?.[1]
}

describe.each(fixtures)('the Java body "$meant.label"', ({ body, meant }) => {
  it('is read as it was meant', async () => {
    const result = await decodeEvent2(body)
    if (result.outcome === 'refused') throw new Error(result.explanation)
    const { id, time, ...data } = parseExactJson(JSON.stringify(result.event)) as typeof meant
    expect(id).toBe(meant['id'])
    expect(Date.parse(String(time))).toBe(meant['timeMillis'])
    const { type, user, source, attributes } = meant
    expect(data).toEqual({ type, user, source, attributes })
  })

  it('fits the schema of its type', async () => {
    const reading = await readEvent2({ tenant: 'acme', body }, async () => ({}))
    if (reading.outcome !== 'event') throw new Error(reading.outcome)
    const { schema } = catalogue[reading.event.type as EventType]
    const data = parseExactJson(String(reading.event.data))
    expect(schema.parse(data)).toMatchObject({
      source: meant['source'],
      user: meant['user'],
      attributes: meant['attributes'] as object,
    })
  })
})

describe('an event with less than usual', () => {
  const fields = (names: readonly string[], values: Readonly<Record<string, Buffer>>) =>
    Buffer.concat([
      Buffer.of(0xa0 + names.length),
      ...names.flatMap((name) => [cborText(name), values[name] ?? hex('f6')]),
    ])
  const values = {
    id: hex('50 00112233445566778899aabbccddeeff'),
    time: cborText('2026-01-01T00:00Z'),
    type: cborText('record-changed'),
  }

  test.each([
    ['nulls', ['id', 'time', 'type', 'user', 'source', 'attributes', 'more']],
    ['nothing', ['id', 'time', 'type']],
  ])('%s in place of what recipients do not depend on', async (_, names) => {
    const event = await decoded(fields(names, values))
    expect(event).toMatchObject({ user: '', source: null, attributes: {} })
    const { schema } = catalogue['record-changed']
    expect(schema.parse(parseExactJson(dataOf(event)))).toMatchObject({
      docId: null,
      attributes: { title: null, typeTitle: null, diff: [] },
    })
  })

  test.each([
    ['a number', hex('07')],
    ['a list', hex('81 07')],
    ['true', hex('f5')],
  ])('a source that is %s is null', async (_, source) => {
    const names = ['id', 'time', 'type', 'source']
    expect((await decoded(fields(names, { ...values, source }))).source).toBeNull()
  })
})

describe('a number as Jackson writes it', () => {
  test.each([
    ['c3 41 01', '-1'],
    ['c3 48 ffffffffffffffff', '-18446744073709551615'],
    ['c2 49 010000000000000000', '18446744073709551616'],
    ['c4 82 00 18 64', '100'],
    ['c4 82 21 1a 00024a22', '1500.50'],
    ['c4 82 21 c3 42 3039', '-123.45'],
    ['c4 82 03 05', '5000'],
    ['c4 82 20 00', '0.0'],
    ['c4 82 22 05', '0.005'],
    ['c4 82 39 0190 05', '"5E-401"'],
    ['c4 82 19 01f4 05', '"5E500"'],
    ['fa 3dcccccd', '0.1'],
    ['fa 41480000', '12.5'],
    ['fb 3fb999999999999a', '0.1'],
    ['3b 001fffffffffffff', '-9007199254740992'],
    ['1b 0020000000000001', '9007199254740993'],
  ])('%s is %s', async (any, expected) => expect(await anyIn(any)).toBe(expected))

  test.each(['c4 82 00', 'c4 83 00 00 00', 'c4 01', 'c4 82 00 61 41', 'c2 01', 'c2 f6'])(
    '%s is refused, and no list',
    async (any) => {
      const result = await decodeEvent2(gzipSync(bodyWith(hex(any))))
      expect(result).toMatchObject({ outcome: 'refused', reason: 'not-cbor' })
    },
  )

  test('a bignum of a megabyte is refused before it is written out', async () => {
    const any = Buffer.concat([hex('c2 5a 00100000'), Buffer.alloc(0x100000, 0xff)])
    expect(await decodeEvent2(gzipSync(bodyWith(any)))).toMatchObject({ reason: 'not-cbor' })
  })

  test.each([
    ['c4 82 28 1b 15b1f3bd7a1b2c3d', '2019-07-16T17:35:40.797Z'],
    // 1767225600.999999999: as a double it is 1767225601.
    ['c4 82 28 1b 188672522994c9ff', '2026-01-01T00:00:00.999Z'],
    ['fb 41da556e40000000', '2026-01-01T00:00:00.000Z'],
  ])('the time %s', async (time, expected) => {
    expect((await decoded(bodyWith(hex('f6'), hex(time)))).time.toISOString()).toBe(expected)
  })

  test.each([
    [{ t: 'gt', att: 'any', val: 200 }, '1500.50', true],
    [{ t: 'gt', att: 'any', val: 200 }, '99.00', false],
    [{ t: 'eq', att: 'any', val: 1500.5 }, '1500.50', true],
    [{ t: 'in', att: 'any', val: [99, 1] }, '99.00', true],
    [{ t: 'contains', att: 'any', val: '1500.5' }, '1500.50', true],
  ] satisfies [Predicate, string, boolean][])('%j of %s: %s', async (filter, amount, holds) => {
    const any = { '1500.50': 'c4 82 21 1a 00024a22', '99.00': 'c4 82 21 19 26ac' }[amount] ?? ''
    const message = { tenant: 'acme', body: gzipSync(bodyWith(hex(any))) }
    const interests = { 'record-changed': { attributes: [], filter } }
    expect((await readEvent2(message, async () => interests)).outcome).toBe(
      holds ? 'event' : 'unasked',
    )
  })
})

describe('what a small body can unpack to', () => {
  /** The body's map and its attributes are two levels. */
  const room = maxNesting - 2
  const wrapped = (depth: number, open: Buffer, end: Buffer) =>
    Buffer.concat([
      ...Array.from({ length: depth }, () => open),
      hex('f6'),
      ...Array.from({ length: depth }, () => end),
    ])

  test.each([
    ['lists', '81', ''],
    ['lists without a length', '9f', 'ff'],
    ['maps', 'a1 61 61', ''],
    ['maps without a length', 'bf 61 61', 'ff'],
  ])(`${maxNesting} levels of %s are read, and no more`, async (_, open, end) => {
    const body = (depth: number) => gzipSync(bodyWith(wrapped(depth, hex(open), hex(end))))
    expect(await decodeEvent2(body(room))).toMatchObject({ outcome: 'event' })
    expect(await decodeEvent2(body(room + 1))).toMatchObject({
      outcome: 'refused',
      reason: 'not-cbor',
    })
  })

  test.each([
    ['empty maps', 'a0'],
    ['nulls', 'f6'],
    ['empty texts', '60'],
    ['empty lists', '80'],
  ])('sixteen megabytes of %s are refused as too large', async (_, value) => {
    const many = Buffer.concat([
      hex('9f'),
      Buffer.alloc(maxUnpackedBytes - 200, hex(value)),
      hex('ff'),
    ])
    expect(await decodeEvent2(gzipSync(bodyWith(many)))).toMatchObject({
      reason: 'too-large',
      explanation: expect.stringContaining(`${maxValues} values`),
    })
  })

  test('as many values as are allowed, though at the bottom of a deep body, are refused', async () => {
    const values = Buffer.concat([hex('9f'), Buffer.alloc(maxValues - 2000, 0xf6), hex('ff')])
    const deep = Buffer.concat([Buffer.alloc(room - 1, 0x81), values])
    expect(await decodeEvent2(gzipSync(bodyWith(deep)))).toMatchObject({ reason: 'too-large' })
  })
})
