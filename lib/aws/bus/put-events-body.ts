import type { BusEntry } from '../../bridge/publish/bus.ts'

/** An escape such as `\u0007` takes six bytes. */
const longestEscape = 6

/** Bytes of UTF-8 for a UTF-16 code unit, at most. */
const longestCharacter = 3

const opening = '{"Entries":['
const closing = ']}'

/** Writes the JSON bodies of PutEvents calls to one bus, from the bytes of the entries, without a text between. */
export function createBodyWriter(busName: string): (entries: readonly BusEntry[]) => Buffer {
  const bus = JSON.stringify(busName)
  /** Every body is written here, where there is room for all escapes, and then copied. */
  let scratch = Buffer.alloc(0)

  return (entries) => {
    const parts = entries.map((entry, index) => ({ ...around(entry, index), detail: entry.detail }))
    const most = parts.reduce(
      (sum, { before, detail, after }) =>
        sum + (before.length + after.length) * longestCharacter + detail.length * longestEscape,
      opening.length + closing.length,
    )
    if (scratch.length < most) scratch = Buffer.allocUnsafeSlow(most)
    let at = scratch.write(opening)
    for (const { before, detail, after } of parts) {
      at += scratch.write(before, at)
      at = writeEscaped(scratch, at, detail)
      at += scratch.write(after, at)
    }
    at += scratch.write(closing, at)
    return Buffer.from(scratch.subarray(0, at))
  }

  /** The entry's JSON before and after what stands in `Detail`. */
  function around({ source, detailType, time, resource }: BusEntry, index: number) {
    // Every field is escaped: a quote in one would start another, and another tenant's source with it.
    const [quotedSource, quotedType] = [JSON.stringify(source), JSON.stringify(detailType)]
    // PutEvents takes epoch seconds.
    const at = time ? `,"Time":${time.getTime() / 1000}` : ''
    const about = resource === undefined ? '' : `,"Resources":[${JSON.stringify(resource)}]`
    return {
      before: `${index > 0 ? ',' : ''}{"EventBusName":${bus},"Source":${quotedSource},"DetailType":${quotedType},"Detail":"`,
      after: `"${at}${about}}`,
    }
  }
}

/** Writes the bytes as they stand in a JSON string. @returns where the next byte goes */
function writeEscaped(into: Buffer, start: number, bytes: Uint8Array): number {
  const { length } = bytes
  let at = start
  for (let index = 0; index < length; index += 1) {
    // Nearly all bytes end here, in a loop of their own that takes half the time.
    while (index < length && isPlain[bytes[index] as number] === 1) {
      into[at] = bytes[index] as number
      at += 1
      index += 1
    }
    if (index < length) at = writeEscape(into, at, bytes[index] as number)
  }
  return at
}

function writeEscape(into: Buffer, at: number, byte: number): number {
  if (byte < space) return at + into.write(controlEscapes[byte] as string, at)
  into[at] = backslash
  into[at + 1] = byte
  return at + 2
}

const space = 0x20
const quote = 0x22
const backslash = 0x5c
const controlEscapes = Array.from({ length: space }, (_, code) =>
  JSON.stringify(String.fromCharCode(code)).slice(1, -1),
)
/** 1 for each byte that a JSON string holds as it is. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= space && byte !== quote && byte !== backslash),
)
