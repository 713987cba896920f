import { createJournal } from '../../lib/bridge/journal.ts'
import { EcosError } from '../../lib/errors.ts'
import type { PayloadStore } from '../../lib/events/payload-store.ts'
import type { Log } from '../../lib/log.ts'

/** A log that writes nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

export const silentJournal = createJournal(silentLog)

export function memoryPayloads(): PayloadStore {
  const payloads = new Map<string, string>()
  return {
    async save(key, body) {
      const reference = `s3://memory/${key}`
      payloads.set(reference, Buffer.from(body).toString())
      return reference
    },
    async load(reference) {
      const payload = payloads.get(reference)
      if (payload === undefined) throw new EcosError('payload-not-found', reference)
      return payload
    },
  }
}
