import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { encodedLike, fileText } from '../../lib/file-text.ts'
import { encodings, written } from '../support/encodings.ts'

const text = 'tenants:\r\n  договор: {} # 𝄞\r\n'

describe('the text of a file', () => {
  it.each(encodings)('in %s is read without its byte order mark', (encoding) => {
    expect(fileText(written(text, encoding))).toBe(text)
  })

  it.each<[string, Buffer]>([
    ['windows-1251', Buffer.from('cff0e8e2e5f2', 'hex')],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
    ['UTF-16BE without a mark', Buffer.from(text, 'utf16le').swap16()],
    ['UTF-32', Buffer.from('fffe000041000000', 'hex')],
    ['UTF-16 cut in a character', written(text, 'UTF-16LE').subarray(0, -1)],
    ['UTF-16 with half a surrogate pair', Buffer.from('fffe34d80a00', 'hex')],
    ['UTF-8 cut in a character', Buffer.from('я').subarray(0, 1)],
  ])('in %s is refused, with what to do', (_, bytes) => {
    expect(() => fileText(bytes)).toThrow(
      'it is neither UTF-8 nor UTF-16 with a byte order mark: save it in UTF-8',
    )
  })

  it('may be empty, also behind a mark', () => {
    expect(fileText(Buffer.alloc(0))).toBe('')
    for (const encoding of encodings) expect(fileText(written('', encoding))).toBe('')
  })

  it('has one mark: a second one is of the text', () => {
    expect(fileText(written('\ufeffa', 'UTF-8 with a mark'))).toBe('\ufeffa')
  })
})

describe('another text for a file', () => {
  it('is written as the file is: what is read of it is the text again', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'я', '€', '𝄞', '\r', '\n', '\ufeff') })
    fc.assert(
      fc.property(fc.constantFrom(...encodings), texts, (encoding, other) => {
        const before = written(text, encoding)
        const bytes = encodedLike(before, other)
        expect(bytes.equals(written(other, encoding))).toBe(true)
        // A mark that begins a text without one can't be told from a mark.
        if (!other.startsWith('\ufeff')) expect(fileText(bytes)).toBe(other)
      }),
    )
  })
})
