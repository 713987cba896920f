import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { decodeBody } from '../../lib/bridge/decode-body.ts'
import { target } from '../target.ts'

const cyrillic = 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя'
const koi8 = 'юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ'
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')

/** Encoders written from the code pages' tables; Node.js has none. */
const encoders: Readonly<Record<string, (text: string) => Buffer>> = {
  'utf-8': (text) => Buffer.from(text),
  'windows-1251': (text) => singleBytes(text, cyrillic, 0xc0),
  'iso-8859-5': (text) => singleBytes(text, cyrillic, 0xb0),
  'koi8-r': (text) => singleBytes(text, koi8, 0xc0),
  'utf-16le': (text) => Buffer.from(text, 'utf16le'),
  'utf-16be': (text) => Buffer.from(text, 'utf16le').swap16(),
}

function singleBytes(text: string, table: string, first: number): Buffer {
  const codes = Array.from(text, (letter) =>
    ascii.includes(letter) ? letter.charCodeAt(0) : first + table.indexOf(letter),
  )
  return Buffer.from(codes)
}

const packers = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, raw: deflateRawSync }
type Packer = keyof typeof packers

const letters = fc.constantFrom(...cyrillic, ...ascii)
const packed = fc.record({
  text: fc.string({ unit: letters, minLength: 1, maxLength: 60 }),
  charset: fc.constantFrom(...Object.keys(encoders)),
  placed: fc.constantFrom('type', 'quoted type', 'encoding'),
  packings: fc.array(fc.constantFrom(...(Object.keys(packers) as Packer[])), { maxLength: 3 }),
})

/** The text comes out as it went in, whatever it was packed and encoded with. */
export const encodings = target(
  'encodings',
  packed,
  async ({ text, charset, placed, packings }) => {
    const encode = encoders[charset] as (text: string) => Buffer
    const body = packings.reduce((bytes: Uint8Array, name) => packers[name](bytes), encode(text))
    const names = packings.map((name) => (name === 'raw' ? 'deflate' : name))
    const quote = placed === 'quoted type' ? '"' : ''
    const properties = {
      contentType:
        placed === 'encoding'
          ? 'application/json'
          : `text/plain; Charset=${quote}${charset}${quote}`,
      contentEncoding: (placed === 'encoding' ? [charset, ...names] : names).join(', '),
    }
    assert.deepEqual(await decodeBody(body, properties), { outcome: 'text', text })
  },
)

const bytes = fc.record({
  bytes: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 80 }),
  contentType: fc.option(fc.string({ maxLength: 60 }), { nil: undefined }),
  contentEncoding: fc.oneof(
    fc.constantFrom(undefined, 'gzip', 'deflate', 'utf-16', 'br', 'identity', 'gzip,gzip', '%'),
    fc.string({ maxLength: 50 }),
  ),
})

/** Any bytes are text or refused with a reason; without an encoding exactly those that are UTF-8 are text. */
export const anyBytes = target('bytes', bytes, async (input) => {
  const body = Uint8Array.from(input.bytes)
  const { contentType, contentEncoding } = input
  const read = await decodeBody(body, { contentType, contentEncoding })
  if (read.outcome === 'refused') {
    assert.match(read.reason, /^(not-utf8|unknown-encoding|broken-encoding|too-large)$/)
    assert.ok(read.explanation.length < 200)
  }
  const plain = await decodeBody(body, {})
  assert.equal(plain.outcome === 'text', isUtf8(body))
  if (plain.outcome === 'text') {
    assert.equal(
      plain.text,
      Buffer.from(body)
        .toString()
        .replace(/^\ufeff/, ''),
    )
  }
})
