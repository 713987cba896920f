import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { decodeBody, isPlain } from '../../../lib/bridge/decode-body.ts'
import { decodeEvent } from '../../../lib/events/event.ts'

const json = '{"data":{"type":"task.create","taskTitle":"Согласование №1"}}'
const utf8 = Buffer.from(json)
const utf16 = Buffer.from(json, 'utf16le')
const hex = (text: string) => Buffer.from(text, 'hex')

/** Cyrillic as Windows writes it: ASCII as it is, А to я from 0xc0, № as 0xb9. */
const windows1251 = Buffer.from(
  [...json].map((character) => {
    const code = character.charCodeAt(0)
    return code < 0x80 ? code : character === '№' ? 0xb9 : code - 0x410 + 0xc0
  }),
)

describe('a body', () => {
  it.each<[string, Buffer, object]>([
    ['without a declaration', utf8, {}],
    ['with what is no encoding', utf8, { contentType: 7, contentEncoding: null }],
    [
      'in a charset that is named as the encoding, as Spring does',
      utf8,
      { contentEncoding: 'UTF-8' },
    ],
    ['identity', utf8, { contentEncoding: 'identity' }],
    ['gzip', gzipSync(utf8), { contentEncoding: 'gzip' }],
    ['GZIP', gzipSync(utf8), { contentEncoding: 'GZIP' }],
    ['x-gzip', gzipSync(utf8), { contentEncoding: 'x-gzip' }],
    ['deflate', deflateSync(utf8), { contentEncoding: 'deflate' }],
    ['raw deflate', deflateRawSync(utf8), { contentEncoding: 'deflate' }],
    ['deflate, then gzip', gzipSync(deflateSync(utf8)), { contentEncoding: 'deflate, gzip' }],
    ['gzip of UTF-8', gzipSync(utf8), { contentEncoding: 'gzip,utf-8' }],
    ['windows-1251', windows1251, { contentType: 'application/json; charset=windows-1251' }],
    ['cp1251 quoted', windows1251, { contentType: 'text/plain;charset="CP1251"' }],
    [
      'gzip of windows-1251',
      gzipSync(windows1251),
      { contentType: 'a/b; charset=windows-1251', contentEncoding: 'gzip' },
    ],
    ['UTF-16LE', utf16, { contentType: 'text/plain; charset=UTF-16LE' }],
    ['UTF-16BE', Buffer.from(utf16).swap16(), { contentType: 'text/plain; charset=utf-16be' }],
    [
      'UTF-16 as Java writes it',
      Buffer.concat([hex('feff'), Buffer.from(utf16).swap16()]),
      { contentType: 'text/plain; charset=UTF-16' },
    ],
    [
      'UTF-16 with the other mark',
      Buffer.concat([hex('fffe'), utf16]),
      { contentType: 'text/plain; charset=UTF-16' },
    ],
    ['UTF-16 without a mark', utf16, { contentType: 'text/plain; charset=UTF-16' }],
    ['a byte order mark', Buffer.concat([hex('efbbbf'), utf8]), {}],
    [
      'a byte order mark in gzip',
      gzipSync(Buffer.concat([hex('efbbbf'), utf8])),
      { contentEncoding: 'gzip' },
    ],
  ])('%s is read', async (_, body, properties) => {
    const text = await decodeBody(body, properties)
    expect(text).toEqual({ outcome: 'text', text: json })
    expect(decodeEvent('acme', 'task.create', body, text)).toMatchObject({
      outcome: 'event',
      event: { data: Buffer.from('{"type":"task.create","taskTitle":"Согласование №1"}') },
    })
  })

  it.each<[string, Buffer, object, string, RegExp]>([
    ['zstd', utf8, { contentEncoding: 'zstd' }, 'unknown-encoding', /"zstd"/],
    [
      'an unknown charset',
      utf8,
      { contentType: 'a/b; charset=klingon' },
      'unknown-encoding',
      /"klingon"/,
    ],
    ['no gzip', utf8, { contentEncoding: 'gzip' }, 'broken-encoding', /not gzip/],
    [
      'half of a gzip',
      gzipSync(utf8).subarray(0, 20),
      { contentEncoding: 'gzip' },
      'broken-encoding',
      /gzip/,
    ],
    [
      'a raw deflate that is called gzip',
      deflateRawSync(utf8),
      { contentEncoding: 'gzip' },
      'broken-encoding',
      /not gzip/,
    ],
    ['no deflate', utf8, { contentEncoding: 'deflate' }, 'broken-encoding', /not deflate/],
    [
      'half of a UTF-16',
      utf16.subarray(1, 4),
      { contentType: 'a/b; charset=utf-16le' },
      'broken-encoding',
      /utf-16le/,
    ],
    ['no UTF-8', hex('ff'), {}, 'not-utf8', /UTF-8/],
    [
      'a bomb',
      gzipSync(Buffer.alloc(17 * 1024 * 1024)),
      { contentEncoding: 'gzip' },
      'too-large',
      /gzip/,
    ],
    [
      'a bomb in a bomb',
      gzipSync(gzipSync(Buffer.alloc(17 * 1024 * 1024))),
      { contentEncoding: 'gzip, gzip' },
      'too-large',
      /gzip/,
    ],
    [
      'a deflate bomb',
      deflateSync(Buffer.alloc(17 * 1024 * 1024)),
      { contentEncoding: 'deflate' },
      'too-large',
      /deflate/,
    ],
    [
      'a raw deflate bomb',
      deflateRawSync(Buffer.alloc(17 * 1024 * 1024)),
      { contentEncoding: 'deflate' },
      'too-large',
      /deflate/,
    ],
  ])('%s is refused, and the reason names it', async (_, body, properties, reason, explanation) => {
    const refused = await decodeBody(body, properties)
    expect(refused).toEqual({
      outcome: 'refused',
      reason,
      explanation: expect.stringMatching(explanation),
    })
    expect(decodeEvent('acme', 'task.create', body, refused)).toEqual(refused)
  })

  it('that is empty is told as empty, whatever it is said to be', async () => {
    const text = decodeBody(Buffer.alloc(0), { contentEncoding: 'gzip' })
    expect(text).toEqual({ outcome: 'text', text: '' })
    expect(decodeEvent('acme', 'task.create', Buffer.alloc(0), await text)).toMatchObject({
      reason: 'empty-body',
    })
  })
})

describe('whether a body is plain', () => {
  it.each<[string, object]>([
    ['nothing is declared', {}],
    ['what is declared is no text', { contentType: 7, contentEncoding: ['gzip'] }],
    ['the content type has no parameter', { contentType: 'application/json' }],
    ['the content type has another parameter', { contentType: 'text/plain; format=flowed' }],
    ['it is UTF-8', { contentType: 'application/json;charset=UTF-8' }],
    ['it is UTF-8 by its encoding', { contentEncoding: 'UTF-8' }],
    ['it is UTF-8 by both', { contentType: 'a/b; charset="utf-8"', contentEncoding: 'utf-8' }],
    ['nothing is encoded', { contentEncoding: 'identity, Binary,8bit, 7BIT,' }],
  ])('yes: %s', async (_, properties) => {
    expect(isPlain(properties)).toBe(true)
    expect(await decodeBody(utf8, properties)).toEqual({ outcome: 'text', text: json })
  })

  it.each<[string, object]>([
    ['it is in another character set', { contentType: 'a/b; charset=windows-1251' }],
    ['it is in one by its encoding', { contentEncoding: 'windows-1251' }],
    ['it is packed', { contentEncoding: 'gzip' }],
    ['it is packed and UTF-8', { contentEncoding: 'utf-8, gzip' }],
    ['it is in something unknown', { contentEncoding: 'rot13' }],
  ])('no: %s', (_, properties) => {
    expect(isPlain(properties)).toBe(false)
  })
})

describe('an encoding', () => {
  it('is named by 40 characters at most in a refusal', async () => {
    expect(await decodeBody(utf8, { contentEncoding: 'x'.repeat(5_000) })).toMatchObject({
      reason: 'unknown-encoding',
      explanation: `the content-encoding "${'x'.repeat(40)}" is not supported`,
    })
    expect(await decodeBody(utf8, { contentType: `a/b; charset=${'x'.repeat(5_000)}` })).toEqual({
      outcome: 'refused',
      reason: 'unknown-encoding',
      explanation: `the charset "${'x'.repeat(40)}" is not supported`,
    })
  })

  it('that is unknown is refused, also beside one that is known', async () => {
    const body = gzipSync(utf8)
    expect(await decodeBody(body, { contentEncoding: 'br, gzip' })).toMatchObject({
      reason: 'unknown-encoding',
      explanation: expect.stringContaining('"br"'),
    })
    expect(await decodeBody(utf8, { contentEncoding: 'toString' })).toMatchObject({
      reason: 'unknown-encoding',
    })
  })

  it('of text alone is read at once', () => {
    expect(decodeBody(utf8, { contentEncoding: 'utf-8' })).toEqual({ outcome: 'text', text: json })
  })

  it('of the content type goes before one in the content encoding', async () => {
    const properties = { contentType: 'a/b; charset = utf-8', contentEncoding: 'windows-1251' }
    expect(await decodeBody(utf8, properties)).toEqual({ outcome: 'text', text: json })
  })

  it('is not looked for in the name of another parameter', async () => {
    const contentType = 'a/b; xcharset=windows-1251'
    expect(isPlain({ contentType })).toBe(true)
  })
})

describe('numbers that no double holds', () => {
  it.each([
    ['1e400', '"1e400"'],
    ['-1.5E+999', '"-1.5E+999"'],
    ['1e-400', '"1e-400"'],
    ['0e-400', '0e-400'],
    ['1e308', '1e308'],
    ['9007199254740993', '9007199254740993'],
    ['"1e400"', '"1e400"'],
    ['"\\"1e400"', '"\\"1e400"'],
    ['"a1e400 \\\\"', '"a1e400 \\\\"'],
    [`1${'0'.repeat(400)}`, `"1${'0'.repeat(400)}"`],
  ])('%s goes to the bus as %s', (sent, carried) => {
    const body = Buffer.from(`{"data":{"type":"task.create","x":[${sent},{"y":${sent}}]}}`)
    expect(decodeEvent('acme', 'task.create', body)).toMatchObject({
      event: { data: Buffer.from(`{"type":"task.create","x":[${carried},{"y":${carried}}]}`) },
    })
  })
})
