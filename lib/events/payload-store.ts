import { EcosError } from '../errors.ts'
import { escapeTenant } from '../tenant-name.ts'

/** Stores data that is too large for the bus or for a queue's message. */
export interface PayloadStore {
  /** Stores the body under a key and returns the reference, `s3://<bucket>/<key>`. */
  save(key: string, body: string | Uint8Array): Promise<string>
  /** @throws EcosError `payload-not-found`; `payload-reference` when it is not a reference of this store */
  load(reference: string): Promise<string>
}

/** A store from which a body can be deleted, too. */
export interface RemovingPayloadStore extends PayloadStore {
  /** Does nothing where there is none. */
  remove(key: string): Promise<void>
}

/**
 * The folder of a tenant's events in the store. A tenant's own functions may read this folder only, and an
 * event's data is never read from another tenant's folder.
 */
export function eventFolder(tenant: string): string {
  return `events/${escapeTenant(tenant)}/`
}

/** Used when no store is configured: every call fails with `no-payload-store`. */
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
