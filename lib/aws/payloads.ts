import type { S3Client } from '@aws-sdk/client-s3'
import { EcosError } from '../errors.ts'
import type { RemovingPayloadStore } from '../events/payload-store.ts'
import { loadedOnce } from '../loaded-once.ts'
import { type KeptNotifications, keptIn } from '../notifications/kept.ts'
import { type KeptEvents, keptEventsIn } from '../notifications/kept-events.ts'
import { createClient, defaultBounds } from './client.ts'

/** Bytes per millisecond: 8 Mbit/s. */
const slowestUpload = 1_000

/** Payloads in one S3 bucket, which the template encrypts and empties after its retention. */
export function createPayloadStore(
  bucket: string,
  client?: S3Client,
): RemovingPayloadStore & { loadBytes(reference: string): Promise<Uint8Array> } {
  const prefix = `s3://${bucket}/`
  /** Loaded with the first payload: most functions never see one, and their cold start does not wait. */
  const sdk = loadedOnce(() => load(client))
  const loadBytes = async (reference: string): Promise<Uint8Array> => {
    // The reference comes from a message: it must not direct us to another bucket.
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
      const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body })
      await s3.send(command, uploadBounds(Buffer.byteLength(body)))
      return prefix + key
    },
    async remove(key) {
      const { s3, DeleteObjectCommand } = await sdk()
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    },
  }
}

async function load(client: S3Client | undefined) {
  const { S3Client, DeleteObjectCommand, GetObjectCommand, PutObjectCommand, NoSuchKey } =
    await import('@aws-sdk/client-s3')
  const s3 = client ?? createClient(S3Client)
  return { s3, DeleteObjectCommand, GetObjectCommand, PutObjectCommand, NoSuchKey }
}

/** A slow line has time for a large body; a server that takes nothing ends the call by its idle socket. */
function uploadBounds(bytes: number) {
  // AbortSignal.timeout takes whole milliseconds.
  const uploading = Math.ceil(bytes / slowestUpload)
  return {
    requestTimeout: defaultBounds.requestTimeout + uploading,
    abortSignal: AbortSignal.timeout(defaultBounds.totalTimeout + uploading),
  }
}

/** Notifications that are kept to be sent later, in the same bucket. */
export function createKept(bucket: string, client?: S3Client): KeptNotifications {
  return keptIn(createPayloadStore(bucket, client), `s3://${bucket}/`)
}

/** Events that are kept to plan failed notifications again, in the same bucket. */
export function createKeptEvents(bucket: string, client?: S3Client): KeptEvents {
  return keptEventsIn(createPayloadStore(bucket, client), `s3://${bucket}/`)
}
