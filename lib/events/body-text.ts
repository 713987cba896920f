/** Why a body is no text. Stable: operators select by it. docs/bad-input.md explains. */
export type TextRefusal = 'not-utf8' | 'unknown-encoding' | 'broken-encoding' | 'too-large'

export type BodyText =
  | { readonly outcome: 'text'; readonly text: string }
  | { readonly outcome: 'refused'; readonly reason: TextRefusal; readonly explanation: string }

export function isCharset(name: string): boolean {
  return decoderOf(name) !== undefined
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch {
    return undefined
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The body as text. A byte order mark is left out. */
export function decodeText(body: Uint8Array, charset = 'utf-8'): BodyText {
  const decoder = charset === 'utf-8' ? utf8 : decoderOf(byteOrdered(charset, body))
  if (decoder === undefined) {
    return refused('unknown-encoding', `the charset "${charset}" is not supported`)
  }
  try {
    return { outcome: 'text', text: decoder.decode(body) }
  } catch {
    return decoder.encoding === 'utf-8'
      ? refused('not-utf8', 'the body is not UTF-8 text')
      : refused('broken-encoding', `the body is not text in ${charset}, as its properties say`)
  }
}

/** UTF-16 without a byte order in its name begins with a mark, or JSON's first character tells it. */
function byteOrdered(charset: string, body: Uint8Array): string {
  if (charset !== 'utf-16') return charset
  const [first] = body
  return first === 0xfe || first === 0 ? 'utf-16be' : 'utf-16le'
}

function refused(reason: TextRefusal, explanation: string): BodyText {
  return { outcome: 'refused', reason, explanation }
}
