import type { ChannelModel } from 'amqplib'

/** As much of amqplib's connection as has the bytes of a frame beside what it decodes of them. */
interface Receiving {
  /** Received bytes that no frame was made of yet. */
  rest: Buffer
  recvFrame(): Received
}
type Received = false | { readonly fields?: { readonly headers?: Table } }
type Table = Record<string, unknown>

/**
 * amqplib decodes a 64-bit integer as a number, which loses digits beyond 2^53. From now on such a value
 * of a message's headers is `{"!": "int64", "value": "<digits>"}`, which amqplib publishes as it was.
 * And a header named `__proto__` becomes the prototype of its table, which would then pass for bytes, have fields
 * that the broker did not send, or lack those that bytes have and don't let anybody set: it is left out.
 */
export function keepExactHeaders({ connection }: ChannelModel): void {
  const receiving = connection as unknown as Receiving
  const receive = receiving.recvFrame
  receiving.recvFrame = () => {
    const { rest } = receiving
    let frame = receive.call(receiving)
    const planted = hasPrototypes(headersOf(frame))
    if (planted) {
      renamePrototypes(tableOf(rest))
      receiving.rest = rest
      frame = receive.call(receiving)
    }
    const headers = headersOf(frame)
    if (headers && holdsInexact(headers)) restoreTable(tableOf(rest), headers)
    if (planted) dropRenamed(headers)
    return frame
  }
}

function headersOf(frame: Received): Table | undefined {
  return frame ? frame.fields?.headers : undefined
}

function hasPrototypes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return true
  return Object.values(value).some(hasPrototypes)
}

/** A name of as many bytes, none of which is UTF-8, and what is read of it. */
const renamed = { bytes: Buffer.alloc('__proto__'.length, 0xff), name: '\ufffd'.repeat(9) }

function renamePrototypes(table: Buffer): void {
  for (let at = 0; at < table.length; ) {
    const name = table.subarray(at + 1, at + 1 + table.readUInt8(at))
    if (name.equals(Buffer.from('__proto__'))) renamed.bytes.copy(name)
    at = renameWithin(table, at + 1 + name.length)
  }
}

/** @returns where the next value is */
function renameWithin(bytes: Buffer, at: number): number {
  const tag = String.fromCharCode(bytes.readUInt8(at))
  const start = at + 1
  const size = sizes[tag]
  if (size !== undefined) return start + size
  const end = start + 4 + bytes.readUInt32BE(start)
  const content = bytes.subarray(start + 4, end)
  if (tag === 'F') renamePrototypes(content)
  else if (tag === 'A')
    for (let next = 0; next < content.length; ) next = renameWithin(content, next)
  return end
}

function dropRenamed(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  delete (value as Table)[renamed.name]
  for (const part of Object.values(value)) dropRenamed(part)
}

function holdsInexact(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false
  return Object.values(value).some(holdsInexact)
}

/**
 * The headers in the bytes of a content header frame: type, channel, size; class, weight, body size,
 * flags; content type and content encoding, where their flags are set.
 *
 * Source: AMQP 0-9-1 specification, 4.2.6.1
 */
function tableOf(frame: Buffer): Buffer {
  const flags = frame.readUInt16BE(19)
  let at = 21
  for (const flag of [0x8000, 0x4000]) if (flags & flag) at += 1 + frame.readUInt8(at)
  return frame.subarray(at + 4, at + 4 + frame.readUInt32BE(at))
}

/** Bytes of a value by its type's tag; the others have their length before them. */
const sizes: Readonly<Record<string, number>> = {
  V: 0,
  ...{ t: 1, b: 1, B: 1 },
  ...{ s: 2, u: 2 },
  ...{ I: 4, i: 4, f: 4, D: 5 },
  ...{ d: 8, l: 8, T: 8 },
}

function restoreTable(bytes: Buffer, table: Table): void {
  for (let at = 0; at < bytes.length; ) {
    const name = at + 1
    at = name + bytes.readUInt8(at)
    at = restoreValue(bytes, at, table, bytes.toString('utf8', name, at))
  }
}

function restoreList(bytes: Buffer, list: Table): void {
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    at = restoreValue(bytes, at, list, String(index))
  }
}

/** @returns where the next value is */
function restoreValue(bytes: Buffer, at: number, parent: Table, key: string): number {
  const tag = String.fromCharCode(bytes.readUInt8(at))
  const start = at + 1
  const size = sizes[tag]
  if (size !== undefined) {
    if (key === '__proto__') return start + size
    const exact = tag === 'l' ? bytes.readBigInt64BE(start) : 0n
    if (tag === 'l' && !Number.isSafeInteger(Number(exact))) {
      parent[key] = { '!': 'int64', value: String(exact) }
    }
    return start + size
  }
  const end = start + 4 + bytes.readUInt32BE(start)
  const content = bytes.subarray(start + 4, end)
  // Of fields with the same name amqplib keeps the last, which may be of another type.
  const kept = Object.hasOwn(parent, key) ? parent[key] : undefined
  if (typeof kept !== 'object' || kept === null) return end
  if (tag === 'F') restoreTable(content, kept as Table)
  else if (tag === 'A') restoreList(content, kept as Table)
  return end
}
