import { EcosError } from '../errors.ts'

/** Bytes. A node holds 1 MiB by default (jute.maxbuffer), and an answer adds little to it. */
const maxFrameBytes = 4 * 1024 * 1024

/**
 * Cuts a byte stream into length-prefixed frames.
 *
 * @returns a function that takes each chunk and returns the frames completed by it
 * @throws EcosError `zookeeper-protocol` when the bytes are no frame: another service answers
 */
export function createFrames(): (chunk: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0)

  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const frames: Buffer[] = []
    while (rest.length >= 4) {
      const length = rest.readInt32BE()
      if (length < 0 || length > maxFrameBytes) {
        throw new EcosError(
          'zookeeper-protocol',
          'The server does not speak the ZooKeeper protocol: check the address',
        )
      }
      if (rest.length < 4 + length) break
      frames.push(rest.subarray(4, 4 + length))
      rest = rest.subarray(4 + length)
    }
    return frames
  }
}
