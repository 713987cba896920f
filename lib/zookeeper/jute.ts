import { EcosError } from '../errors.ts'

/**
 * ZooKeeper's wire encoding: big-endian numbers, and a length before each text, buffer and list, where
 * -1 means null.
 *
 * Source: zookeeper-jute, BinaryOutputArchive and BinaryInputArchive
 */
export interface JuteWriter {
  int(value: number): JuteWriter
  long(value: bigint): JuteWriter
  bool(value: boolean): JuteWriter
  buffer(value: Uint8Array): JuteWriter
  text(value: string): JuteWriter
  /** Everything written so far, prefixed with its length. */
  frame(): Buffer
}

export function createJuteWriter(): JuteWriter {
  const parts: Uint8Array[] = []
  const writer: JuteWriter = {
    int(value) {
      const bytes = Buffer.alloc(4)
      bytes.writeInt32BE(value)
      parts.push(bytes)
      return writer
    },
    long(value) {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(value)
      parts.push(bytes)
      return writer
    },
    bool(value) {
      parts.push(Uint8Array.of(value ? 1 : 0))
      return writer
    },
    buffer(value) {
      writer.int(value.length)
      parts.push(value)
      return writer
    },
    text: (value) => writer.buffer(Buffer.from(value)),
    frame() {
      const body = Buffer.concat(parts)
      const length = Buffer.alloc(4)
      length.writeInt32BE(body.length)
      return Buffer.concat([length, body])
    },
  }
  return writer
}

/** Each call reads the next value. Throws `zookeeper-protocol` when the bytes end before it. */
export interface JuteReader {
  int(): number
  long(): bigint
  buffer(): Buffer
  text(): string
  list<Item>(read: (reader: JuteReader) => Item): Item[]
}

export function createJuteReader(bytes: Buffer): JuteReader {
  let at = 0

  const take = (length: number): Buffer => {
    if (length > bytes.length - at) {
      throw new EcosError('zookeeper-protocol', 'A ZooKeeper answer is truncated', {
        retryable: true,
      })
    }
    at += length
    return bytes.subarray(at - length, at)
  }
  const reader: JuteReader = {
    int: () => take(4).readInt32BE(),
    long: () => take(8).readBigInt64BE(),
    buffer: () => take(Math.max(0, reader.int())),
    text: () => reader.buffer().toString('utf8'),
    list(read) {
      const items = []
      for (let left = reader.int(); left > 0; left -= 1) items.push(read(reader))
      return items
    },
  }
  return reader
}
