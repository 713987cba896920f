/** Where what is too large for the bus or for a queue's message is kept, whole, and found again. */
export interface PayloadStore {
  /** Stores the body under a key and returns the reference, `s3://<bucket>/<key>`. */
  save(key: string, body: string | Uint8Array): Promise<string>
  /** @throws EcosError `payload-not-found` when it is gone, `payload-reference` when it is not ours */
  load(reference: string): Promise<string>
}
