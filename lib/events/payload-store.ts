import { EcosError } from '../errors.ts'

/** Where what is too large for the bus or for a queue's message is kept, whole, and found again. */
export interface PayloadStore {
  /** Stores the body under a key and returns the reference, `s3://<bucket>/<key>`. */
  save(key: string, body: string | Uint8Array): Promise<string>
  /** @throws EcosError `payload-not-found` when it is gone, `payload-reference` when it is not ours */
  load(reference: string): Promise<string>
}

/**
 * The folder of a tenant's events in the store. A tenant's own function may read this one and no
 * other, and no event is read from another tenant's.
 */
export function eventFolder(tenant: string): string {
  return `events/${tenant}/`
}

/** Where there is none: what needs one is refused, with code `no-payload-store`. */
export const noPayloadStore: PayloadStore = {
  save: () => Promise.reject(absent()),
  load: () => Promise.reject(absent()),
}

function absent(): EcosError {
  return new EcosError(
    'no-payload-store',
    'The message is too large for the bus or the quarantine queue: set PAYLOAD_BUCKET, and move it back',
  )
}
