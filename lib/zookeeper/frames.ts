import { EcosError } from '../errors.ts'

/** A node holds 1 MiB by default (jute.maxbuffer); an answer has little around it. */
const largestFrame = 4 * 1024 * 1024

/**
 * Cuts a stream of bytes into frames, each with its length before it.
 *
 * @returns what to hand each piece that arrives; it returns the frames that are whole by then
 * @throws EcosError `zookeeper-protocol` on what can't be a frame: another service answers
 */
export function createFrames(): (chunk: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0)

  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const frames: Buffer[] = []
    while (rest.length >= 4) {
      const length = rest.readInt32BE()
      if (length < 0 || length > largestFrame) {
        throw new EcosError('zookeeper-protocol', 'What answers is no ZooKeeper: check the address')
      }
      if (rest.length < 4 + length) break
      frames.push(rest.subarray(4, 4 + length))
      rest = rest.subarray(4 + length)
    }
    return frames
  }
}
