import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw } from 'node:zlib'
import { type BodyText, decodeText, isCharset, type TextRefusal } from '../events/body-text.ts'

/** The AMQP properties that say how a body is encoded. */
export interface BodyEncoding {
  /** Its parameter `charset` names the character set: `application/json; charset=windows-1251`. */
  readonly contentType?: unknown
  /** `gzip` or `deflate`, several with commas; some producers put the character set here. */
  readonly contentEncoding?: unknown
}

/** Bytes of an unpacked body: a small one can be made to fill the memory. */
const maxUnpackedBytes = 16 * 1024 * 1024

/** Longer values of a header are not the name of an encoding. */
const maxNameLength = 40

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
}

/** Whether the properties declare no encoding but UTF-8. */
export function isPlain({ contentType, contentEncoding }: BodyEncoding): boolean {
  const charset = charsetOf(contentType) ?? utf8
  return charset === utf8 && namesIn(contentEncoding).every((name) => name === utf8)
}

const utf8 = 'utf-8'

/** The text of a message's body, unpacked and decoded as its properties say. Never rejects. */
export function decodeBody(
  body: Uint8Array,
  { contentType, contentEncoding }: BodyEncoding,
): BodyText | Promise<BodyText> {
  if (body.length === 0) return { outcome: 'text', text: '' }
  const names = namesIn(contentEncoding)
  const packings = names.filter((name) => isPacking(name) || !isCharset(name))
  const charset = charsetOf(contentType) ?? names.find(isCharset)
  return packings.length === 0 ? decodeText(body, charset) : unpackAll(body, packings, charset)
}

async function unpackAll(
  body: Uint8Array,
  packings: readonly string[],
  charset: string | undefined,
): Promise<BodyText> {
  let unpacked = body
  // The encoding that was applied last is named last.
  for (const packing of packings.toReversed()) {
    if (!isPacking(packing)) {
      return refused('unknown-encoding', `the content-encoding "${packing}" is not supported`)
    }
    try {
      unpacked = await unpack(packing, unpacked)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        ? refused('too-large', `the ${packing} body unpacks to over ${maxUnpackedBytes} bytes`)
        : refused('broken-encoding', `the body is not ${packing}, as its content-encoding says`)
    }
  }
  return decodeText(unpacked, charset)
}

const none: readonly string[] = []

type Packing = keyof typeof unpackers

function isPacking(name: string): name is Packing {
  return Object.hasOwn(unpackers, name)
}

/** RFC 9110 means zlib's format by `deflate`; many producers send the raw one. */
function unpack(packing: Packing, body: Uint8Array): Promise<Buffer> {
  const options = { maxOutputLength: maxUnpackedBytes }
  const unpacked = unpackers[packing](body, options)
  if (packing !== 'deflate') return unpacked
  return unpacked.catch((error) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw error
    return promisify(inflateRaw)(body, options)
  })
}

function namesIn(contentEncoding: unknown): readonly string[] {
  if (typeof contentEncoding !== 'string') return none
  const names = contentEncoding.split(',').map((name) => name.trim().toLowerCase())
  const ignored = ['', 'identity', 'binary', '8bit', '7bit']
  return names.map((name) => name.slice(0, maxNameLength)).filter((name) => !ignored.includes(name))
}

function charsetOf(contentType: unknown): string | undefined {
  if (typeof contentType !== 'string' || !contentType.includes(';')) return undefined
  return /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(contentType)?.[1]?.toLowerCase()
}

function refused(reason: TextRefusal, explanation: string): BodyText {
  return { outcome: 'refused', reason, explanation }
}
