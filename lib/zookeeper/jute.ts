import { EcosError } from '../errors.ts'

/**
 * ZooKeeper's encoding of what goes over its wire: big-endian numbers, and a length before each text,
 * buffer and list, where -1 stands for none.
 *
 * Source: zookeeper-jute, BinaryOutputArchive and BinaryInputArchive
 */
export interface JuteWriter {
  int(value: number): JuteWriter
  long(value: bigint): JuteWriter
  bool(value: boolean): JuteWriter
  buffer(value: Uint8Array): JuteWriter
  text(value: string): JuteWriter
  /** What has been written, with its length before it: a frame of the wire. */
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

/** Each reads what is next, and throws `zookeeper-protocol` where there is too little. */
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
      throw new EcosError('zookeeper-protocol', 'An answer of ZooKeeper is cut short', {
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
