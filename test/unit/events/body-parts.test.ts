import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { findParts } from '../../../lib/events/body-parts.ts'
import { decodeText } from '../../../lib/events/body-text.ts'
import { decodeEvent } from '../../../lib/events/event.ts'

const wire = readFileSync('test/fixtures/events-1.0.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { routingKey: string; body: string })

/** JSON with the names that are looked for, some spelled with escapes, and with whatever else is JSON. */
const space = fc.constantFrom('', '', '', ' ', '\n', '\t \r\n')
const number = fc.stringMatching(/^-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?$/)
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }).map((value) => JSON.stringify(value)),
    fc.constantFrom(
      '"task.create"',
      '"acme"',
      '"other"',
      '"\\u0041\\ud800"',
      '"\uffff\\""',
      '"я😀"',
    ),
  )
  .map((json) => json.toWellFormed())
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('type', 'id', 'createdDate', 'docId', 'tenant', 'x') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('data', 'tenantId', 'd\\u0061ta', 'ty\\u0070e', '__proto__'),
  },
)
const word = fc.constantFrom('true', 'false', 'null', '{}', '[]', '"task.create"')
const { any, object } = fc.letrec<{ any: string; object: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    word,
    text,
    number,
    fc.array(tie('any'), { maxLength: 3 }).map((items) => `[${items.join()}]`),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(space, name, space, tie('any'), space), { maxLength: 5 })
    .map((members) => members.map(([a, key, b, value, c]) => `${a}"${key}"${b}:${value}${c}`))
    .map((members) => `{${members.join()}}`),
}))
const body = fc
  .tuple(fc.option(fc.tuple(name, any)), object, fc.option(fc.tuple(name, any)), space)
  .map(([before, data, after, end]) => {
    const beside = (member: [string, string] | null) =>
      member === null ? [] : [`"${member[0]}":${member[1]}`]
    const typed = data.replace(
      '{',
      data === '{}' ? '{"type":"task.create"' : '{"type":"task.create",',
    )
    return `{${[...beside(before), `"data":${typed}`, ...beside(after)].join()}}${end}`
  })
  .map((json) => Buffer.from(json))

/** The event as the pass over the bytes makes it equals the one by JSON.parse. */
function expectSame(bytes: Uint8Array): void {
  expect(decodeEvent('acme', undefined, bytes)).toEqual(
    decodeEvent('acme', undefined, bytes, decodeText(bytes)),
  )
}

describe('findParts', () => {
  it.each(wire)('is in no doubt about what the real producer sends: $routingKey', ({ body }) => {
    const { data } = JSON.parse(body)
    expect(findParts(Buffer.from(body))?.data).toMatchObject({ type: data.type })
    expectSame(Buffer.from(body))
  })

  it('has the texts and numbers of which an event is made, and the data as it was sent', () => {
    const data =
      '{ "type":"task.create","id":-7.50,"docId":"emodel\\/contract@\\u0034","createdDate":["x"],"tenant":"я",' +
      '"tenantId":0,"tenantid":9,"docid":"other","title":{"id":5} }'
    const body = ` {"tenant":"acme","x":[1],"tenantId":"b\\"","data" : ${data}, "type":"b" } `
    const parts = {
      message: { tenant: 'acme', tenantId: 'b"' },
      data: {
        type: 'task.create',
        id: -7.5,
        docId: 'emodel/contract@4',
        createdDate: undefined,
        ...{ tenant: 'я', tenantId: 0, tenantid: 9 },
      },
      dataBytes: Buffer.from(data),
    }
    expect(findParts(Buffer.from(body))).toStrictEqual(parts)
    const within = new TextEncoder().encode(`}${body}{`).subarray(1, -1)
    expect(findParts(within)).toStrictEqual(parts)
  })

  it('finds what JSON.parse finds, or leaves it to that', () => {
    fc.assert(fc.property(body, expectSame), { numRuns: 1_000 })
  })

  it('is in no doubt about many bodies', () => {
    const known = fc
      .sample(body, { numRuns: 200, seed: 1 })
      .filter((bytes) => findParts(bytes) !== undefined)
    expect(known.length).toBeGreaterThan(20)
  })

  it('takes nothing for JSON that is none', () => {
    const broken = fc
      .tuple(body, fc.nat(), fc.nat(255), fc.nat(2))
      .map(([bytes, at, byte, cut]) => {
        const place = at % bytes.length
        return Buffer.concat([
          bytes.subarray(0, place),
          Uint8Array.of(byte),
          bytes.subarray(place + cut),
        ])
      })
    fc.assert(fc.property(broken, expectSame), { numRuns: 1_000 })
  })

  it.each([
    ['data twice', '{"data":{"type":"a"},"data":{"type":"b"}}'],
    ['data twice, of other fields', '{"data":{"type":"a"},"data":{"id":"b"}}'],
    ['data that is replaced', '{"data":{"type":"a"},"data":5}'],
    ['an escaped name', '{"data":{"ty\\u0070e":"a"}}'],
    ['a field twice', '{"data":{"type":"a","type":"b"}}'],
    ['an exponent', '{"data":{"type":"a","n":1e400}}'],
    ['very many digits', `{"data":{"type":"a","n":1${'0'.repeat(400)}}}`],
    ['a character that SQS refuses', '{"data":{"type":"a","n":"\uffff"}}'],
    ['deep nesting', `{"data":{"type":"a","n":${'['.repeat(100)}${']'.repeat(100)}}}`],
    ['a byte order mark', '\ufeff{"data":{"type":"a"}}'],
    ['a text behind it', '{"data":{"type":"a"}}{}'],
    ['no data', '{"type":"a"}'],
    ['data that is a list', '{"data":[{"type":"a"}]}'],
    ['a field that has no text and comes again', '{"data":{"type":null,"type":"b"}}'],
    ['an escaped name that is not sought', '{"\\u0078":1,"data":{"type":"a"}}'],
    ['a list around it', '[{"data":{"type":"a"}}]'],
    ['a brace too few', '{"data":{"type":"a"}'],
    ['a value that is none', '{"data":{"type":"a","id":x}}'],
    ['a number that is none', '{"data":{"type":"a","id":01}}'],
    ['a text that is none', '{"data":{"type":"a","id":"\\x"}}'],
    ['a name that begins with that of data', '{"database":{"type":"a"}}'],
    ['a field that is none', '{"tenant":x,"data":{"type":"a"}}'],
    ['data nested one level too deep', `{"data":{"n":${'['.repeat(63)}${']'.repeat(63)}}}`],
  ])('leaves to JSON.parse a body with %s', (_, json) => {
    expect(findParts(Buffer.from(json))).toBeUndefined()
  })

  it('follows 64 levels', () => {
    const data = `{"n":${'['.repeat(62)}${']'.repeat(62)}}`
    expect(findParts(Buffer.from(`{"data":${data}}`))?.dataBytes).toEqual(Buffer.from(data))
  })

  it('leaves bytes that are not UTF-8', () => {
    expect(findParts(Buffer.from('7b2264617461223a7b2278223a22ff227d7d', 'hex'))).toBeUndefined()
  })
})
