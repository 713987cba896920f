import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** A hash of the files' paths and contents: it changes when a file changes or is deleted. */
export type Fingerprint = (files: readonly string[]) => Promise<string>

/** Reads each file once, however many fingerprints include it. */
export function createFingerprint(): Fingerprint {
  const digests = new Map<string, Promise<string>>()
  const digestOf = (file: string) => {
    const digest = digests.get(file) ?? readDigest(file)
    digests.set(file, digest)
    return digest
  }
  return async (files) => {
    const lines = files.toSorted().map(async (file) => `${await digestOf(file)} ${file}\n`)
    return createHash('sha256')
      .update((await Promise.all(lines)).join(''))
      .digest('hex')
  }
}

async function readDigest(file: string): Promise<string> {
  const content = await readFile(file).catch(() => undefined)
  return content === undefined ? 'missing' : createHash('sha256').update(content).digest('hex')
}
