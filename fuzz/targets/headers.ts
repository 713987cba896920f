import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import type { ChannelModel } from 'amqplib'
import fc from 'fast-check'
import { keepExactHeaders } from '../../lib/amqp/exact-headers.ts'
import { fromJsonProperties, toJsonValue } from '../../lib/bridge/field-values.ts'
import { target } from '../target.ts'

/** What amqplib's connection reads headers with; the package does not export it. */
const codec = createRequire(import.meta.url)('../../node_modules/amqplib/lib/codec.js') as {
  decodeFields(bytes: Buffer): Record<string, unknown>
  encodeTable(bytes: Buffer, table: unknown, at: number): number
}

/** A value by its type's tag in AMQP 0-9-1, as RabbitMQ reads it; numbers of 64 bits as digits. */
type Field = readonly [tag: string, value: unknown]

/** A whole double beyond 2^53 is sent back as an integer of the same value. */
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value))

const field = fc.letrec<{ any: Field }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.constant('S'), fc.string({ unit: 'grapheme', maxLength: 12 })),
    fc.tuple(fc.constant('t'), fc.boolean()),
    fc.tuple(fc.constant('b'), fc.integer({ min: -128, max: 127 })),
    fc.tuple(fc.constant('s'), fc.integer({ min: -32_768, max: 32_767 })),
    fc.tuple(fc.constant('I'), fc.integer()),
    fc.tuple(fc.constant('l'), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
    fc.tuple(fc.constant('d'), double),
    fc.tuple(fc.constant('T'), fc.nat().map(String)),
    fc.tuple(fc.constant('D'), fc.record({ places: fc.nat(9), digits: fc.nat() })),
    fc.tuple(fc.constant('V'), fc.constant(null)),
    fc.tuple(fc.constant('x'), fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 6 })),
    fc.tuple(fc.constant('A'), fc.array(tie('any'), { maxLength: 3 })),
    fc.tuple(
      fc.constant('F'),
      fc.dictionary(
        fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('!', 'value', '__proto__')),
        tie('any'),
        { maxKeys: 3 },
      ),
    ),
  ) as fc.Arbitrary<Field>,
})).any

/** Written from the specification, 4.2.1, with RabbitMQ's tags. */
function write([tag, value]: Field): Buffer {
  return Buffer.concat([Buffer.from(tag), contentOf(tag, value)])
}

function contentOf(tag: string, value: unknown): Buffer {
  const out = Buffer.alloc(8)
  switch (tag) {
    case 't':
      return Buffer.of(value ? 1 : 0)
    case 'b':
      return out.subarray(0, out.writeInt8(Number(value)))
    case 's':
      return out.subarray(0, out.writeInt16BE(Number(value)))
    case 'I':
      return out.subarray(0, out.writeInt32BE(Number(value)))
    case 'l':
      return out.subarray(0, out.writeBigInt64BE(BigInt(String(value))))
    case 'T':
      return out.subarray(0, out.writeBigUInt64BE(BigInt(String(value))))
    case 'd':
      return out.subarray(0, out.writeDoubleBE(Number(value)))
    case 'D': {
      const { places, digits } = value as { places: number; digits: number }
      out.writeUInt8(places)
      return out.subarray(0, out.writeUInt32BE(digits, 1))
    }
    case 'S':
      return long(Buffer.from(String(value)))
    case 'x':
      return long(Buffer.from(value as number[]))
    case 'A':
      return long(Buffer.concat((value as Field[]).map(write)))
    case 'F':
      return tableBytes(value as Record<string, Field>)
    default:
      return Buffer.alloc(0)
  }
}

function tableBytes(table: Record<string, Field>): Buffer {
  const fields = Object.entries(table).flatMap(([name, each]) => {
    const bytes = Buffer.from(name)
    return [Buffer.of(bytes.length), bytes, write(each)]
  })
  return long(Buffer.concat(fields))
}

function long(content: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  return Buffer.concat([length, content])
}

/** What the bridge is to make of it: JSON, with AMQP's other types named. */
function expected([tag, value]: Field): unknown {
  switch (tag) {
    case 'l':
      return Number.isSafeInteger(Number(value)) ? Number(value) : { '!': 'int64', value }
    case 'T':
      return { '!': 'timestamp', value: Number(value) }
    case 'D':
      return { '!': 'decimal', value }
    case 'x':
      return { '!': 'bytes', value: Buffer.from(value as number[]).toString('base64') }
    case 'A':
      return (value as Field[]).map(expected)
    case 'F':
      return expectedTable(value as Record<string, Field>)
    default:
      return value
  }
}

function expectedTable(table: Record<string, Field>): Record<string, unknown> {
  const value = Object.fromEntries(
    Object.entries(table)
      .filter(([name]) => name !== '__proto__')
      .map(([name, each]) => [name, expected(each)]),
  )
  return Object.hasOwn(table, '!') ? { '!': 'object', value } : value
}

const name = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('!', 'value', '__proto__'))

const message = fc.record({
  table: fc.dictionary(name, field, { maxKeys: 4 }),
  contentType: fc.constantFrom(null, '', 'application/json'),
  contentEncoding: fc.constantFrom(null, 'gzip'),
})

/**
 * Headers of every type come out as JSON that says the type, and go back to the broker as they were; but one
 * named `__proto__` is left out.
 */
export const headers = target('headers', message, ({ table, contentType, contentEncoding }) => {
  const before = [contentType, contentEncoding]
  const json = toJson(received(tableBytes(table), before))
  assert.deepEqual(json, { headers: expectedTable(table) })
  const sentBack = Buffer.alloc(10_000)
  const length = codec.encodeTable(sentBack, fromJsonProperties(json)['headers'], 0)
  assert.deepEqual(toJson(received(sentBack.subarray(0, length), before)), json)
})

/** The properties as the quarantine holds them. */
function toJson(headers: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(toJsonValue({ headers })))
}

const twice = fc.array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', 'constructor'), field), {
  maxLength: 6,
})

/** A name that a producer writes twice, or that JavaScript knows, neither throws nor changes a prototype. */
export const repeatedHeaders = target('repeated-headers', twice, (fields) => {
  const bytes = fields.flatMap(([key, each]) => [
    Buffer.of(key.length),
    Buffer.from(key),
    write(each),
  ])
  JSON.stringify(toJsonValue(received(long(Buffer.concat(bytes)))))
  assert.deepEqual(Object.keys(Object.prototype), [])
})

/**
 * The headers as amqplib's connection hands them on, corrected by the bridge.
 *
 * @param before the content type and the content encoding, which stand before them in the frame
 */
function received(bytes: Buffer, before: readonly (string | null)[] = []): unknown {
  const start = Buffer.alloc(21)
  const [type, encoding] = before.map((text) => typeof text === 'string')
  start.writeUInt16BE((type ? 0x8000 : 0) | (encoding ? 0x4000 : 0) | 0x2000, 19)
  const texts = before.flatMap((text) =>
    text === null ? [] : [Buffer.of(text.length), Buffer.from(text)],
  )
  const frame = Buffer.concat([start, ...texts, bytes])
  const connection = {
    rest: frame,
    recvFrame() {
      const table = connection.rest.subarray(frame.length - bytes.length + 4)
      return { fields: { headers: codec.decodeFields(table) } }
    },
  }
  keepExactHeaders({ connection } as unknown as ChannelModel)
  return connection.recvFrame().fields.headers
}
