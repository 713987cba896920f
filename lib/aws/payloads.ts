import type { S3Client } from '@aws-sdk/client-s3'
import { EcosError } from '../errors.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import { type KeptNotifications, keptIn } from '../notifications/kept.ts'

/** Payloads in one S3 bucket, which the template encrypts and empties after its retention. */
export function createPayloadStore(
  bucket: string,
  client?: S3Client,
): PayloadStore & { loadBytes(reference: string): Promise<Uint8Array> } {
  const prefix = `s3://${bucket}/`
  let connected = client
  const loadBytes = async (reference: string): Promise<Uint8Array> => {
    // A reference comes out of a message: it must not make us read from anywhere else.
    if (!reference.startsWith(prefix)) {
      throw new EcosError('payload-reference', `The payload is not in the bucket ${bucket}`)
    }
    const { s3, GetObjectCommand, NoSuchKey } = await sdk()
    try {
      const key = reference.slice(prefix.length)
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      return (await Body?.transformToByteArray()) ?? new Uint8Array()
    } catch (cause) {
      if (!(cause instanceof NoSuchKey)) throw cause
      throw new EcosError('payload-not-found', `The payload ${reference} is gone`, { cause })
    }
  }
  return {
    loadBytes,
    async load(reference) {
      return Buffer.from(await loadBytes(reference)).toString()
    },
    async save(key, body) {
      const { s3, PutObjectCommand } = await sdk()
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
      return prefix + key
    },
  }

  /** With the first payload: most functions never see one, and should not start later for its client. */
  async function sdk() {
    const client = await import('@aws-sdk/client-s3')
    connected ??= new client.S3Client()
    return { ...client, s3: connected }
  }
}

/** Notifications that are kept to be sent later, in the same bucket. */
export function createKept(bucket: string, client?: S3Client): KeptNotifications {
  return keptIn(createPayloadStore(bucket, client), `s3://${bucket}/`)
}
