import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { EcosError } from '../errors.ts'
import type { PayloadStore } from '../events/payload-store.ts'
import { type KeptNotifications, keptIn } from '../notifications/kept.ts'

/** Payloads in one S3 bucket, which the template encrypts and empties after its retention. */
export function createPayloadStore(
  bucket: string,
  client = new S3Client(),
): PayloadStore & { loadBytes(reference: string): Promise<Uint8Array> } {
  const prefix = `s3://${bucket}/`
  const loadBytes = async (reference: string): Promise<Uint8Array> => {
    // A reference comes out of a message: it must not make us read from anywhere else.
    if (!reference.startsWith(prefix)) {
      throw new EcosError('payload-reference', `The payload is not in the bucket ${bucket}`)
    }
    try {
      const key = reference.slice(prefix.length)
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
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
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
      return prefix + key
    },
  }
}

/** Notifications that are kept to be sent later, in the same bucket. */
export function createKept(bucket: string, client?: S3Client): KeptNotifications {
  return keptIn(createPayloadStore(bucket, client), `s3://${bucket}/`)
}
