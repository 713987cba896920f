import { describe, expect, it } from '@jest/globals'
import { decodeText, isCharset } from '../../../lib/events/body-text.ts'

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const text = (text: string) => ({ outcome: 'text', text })

describe('a body', () => {
  it.each([
    [undefined, '7b d1 8f 7d', '{я}'],
    ['utf-8', '7b d1 8f 7d', '{я}'],
    ['utf-8', 'ef bb bf 7b 7d', '{}'],
    ['UTF-8', 'd1 8f', 'я'],
    ['windows-1251', '7b ff 7d', '{я}'],
    ['koi8-r', 'd1', 'я'],
    // Either mark of UTF-16, and either order without one: JSON begins with a character below 128.
    ['utf-16', 'fe ff 00 7b 04 4f', '{я'],
    ['utf-16', 'ff fe 7b 00 4f 04', '{я'],
    ['utf-16', '00 7b 04 4f', '{я'],
    ['utf-16', '7b 00 4f 04', '{я'],
    ['utf-16be', '04 4f', 'я'],
    ['utf-16le', '4f 04', 'я'],
  ])('in %s of the bytes %s is %s', (charset, hex, expected) => {
    expect(decodeText(bytes(hex), charset)).toEqual(text(expected))
  })

  it.each([
    [undefined, 'not-utf8', 'the body is not UTF-8 text'],
    ['utf-8', 'not-utf8', 'the body is not UTF-8 text'],
    ['UTF8', 'not-utf8', 'the body is not UTF-8 text'],
    ['utf-16', 'broken-encoding', 'the body is not text in utf-16, as its properties say'],
    ['utf-7', 'unknown-encoding', 'the charset "utf-7" is not supported'],
    ['', 'unknown-encoding', 'the charset "" is not supported'],
  ])('in %s that is none is refused as %s', (charset, reason, explanation) => {
    expect(decodeText(bytes('7b ff 7d'), charset)).toEqual({
      outcome: 'refused',
      ...{ reason, explanation },
    })
  })

  it('is decoded by itself, also behind one that was refused', () => {
    expect(decodeText(bytes('d1'))).toMatchObject({ reason: 'not-utf8' })
    expect(decodeText(bytes('d1 8f'))).toEqual(text('я'))
  })
})

it('names of charsets are those of the Encoding Standard', () => {
  const names = ['utf-8', 'UTF8', 'windows-1251', 'cp1251', 'koi8-r', 'utf-16', 'iso-8859-5']
  expect(names.filter((name) => !isCharset(name))).toEqual([])
  expect(['', 'utf-7', 'utf-32', 'klingon'].filter(isCharset)).toEqual([])
})
