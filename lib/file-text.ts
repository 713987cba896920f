/** Encodings that a file names by its first character, a byte order mark. */
const marked = [
  { encoding: 'utf-8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'utf-16le', mark: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', mark: Buffer.from([0xfe, 0xff]) },
] as const

/** By its byte order mark; undefined for a file without one. */
function markOf(bytes: Uint8Array): (typeof marked)[number] | undefined {
  return marked.find(({ mark }) => mark.equals(bytes.subarray(0, mark.length)))
}

/** Whether a file says itself that it is text. */
export function hasMark(bytes: Uint8Array): boolean {
  return markOf(bytes) !== undefined
}

const notText = 'it is neither UTF-8 nor UTF-16 with a byte order mark: save it in UTF-8'

/**
 * The text of a file that a person wrote, without its byte order mark: UTF-16, as PowerShell and Excel write it, is
 * known by the mark, and all else is UTF-8.
 *
 * @throws Error for bytes of no character, which would be lost in an edit
 */
export function fileText(bytes: Uint8Array): string {
  const { encoding } = markOf(bytes) ?? { encoding: 'utf-8' }
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Error(notText, { cause })
  }
  // UTF-16 without a mark, and UTF-32: no text has the character.
  if (text.includes('\0')) throw new Error(notText)
  return text
}

/** A text in the encoding of a file, with its mark. */
export function encodedLike(file: Uint8Array, text: string): Buffer {
  const { encoding, mark } = markOf(file) ?? { encoding: 'utf-8', mark: Buffer.alloc(0) }
  if (encoding === 'utf-8') return Buffer.concat([mark, Buffer.from(text)])
  const littleEndian = Buffer.from(text, 'utf16le')
  return Buffer.concat([mark, encoding === 'utf-16le' ? littleEndian : littleEndian.swap16()])
}
