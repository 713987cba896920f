import { EcosError, messageOf } from '../errors.ts'
import { loadedOnce } from '../loaded-once.ts'
import { createClient } from './client.ts'

/** In milliseconds. One attempt: the check is repeated by whoever waits. */
const bounds = { requestTimeout: 4_000, totalTimeout: 4_000 }

const oneAttempt = { maxAttempts: 1 }

/** The stores that the bridge needs beside the bus. */
export interface BridgeStores {
  readonly quarantineQueueUrl: string
  readonly payloadBucket?: string | undefined
}

/**
 * Makes a function that checks whether SQS and S3 answer for the bridge's stores, without storing
 * anything. Any answer will do, a refusal too: the check tells outages, not permissions.
 *
 * @throws (the function) EcosError `store-unavailable`
 */
export function createStoreChecks({ quarantineQueueUrl, payloadBucket }: BridgeStores) {
  const checkQueue = lazily(async () => {
    const { SQSClient, GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs')
    const sqs = createClient(SQSClient, bounds, oneAttempt)
    const command = new GetQueueAttributesCommand({
      QueueUrl: quarantineQueueUrl,
      AttributeNames: ['QueueArn'],
    })
    return () => sqs.send(command)
  })
  const checkBucket = lazily(async () => {
    const { S3Client, HeadBucketCommand } = await import('@aws-sdk/client-s3')
    const s3 = createClient(S3Client, bounds, oneAttempt)
    const command = new HeadBucketCommand({ Bucket: payloadBucket })
    return () => s3.send(command)
  })
  return async (): Promise<void> => {
    await Promise.all([
      answered(`the quarantine queue ${quarantineQueueUrl}`, checkQueue),
      payloadBucket && answered(`the payload bucket ${payloadBucket}`, checkBucket),
    ])
  }
}

type Ask = () => Promise<unknown>

/** The clients are loaded with the first check. */
function lazily(load: () => Promise<Ask>): Ask {
  const ask = loadedOnce(load)
  return async () => (await ask())()
}

async function answered(store: string, ask: Ask): Promise<void> {
  try {
    await ask()
  } catch (cause) {
    if (isAnswer(cause)) return
    const message = `AWS does not answer for ${store}: ${messageOf(cause)}`
    throw new EcosError('store-unavailable', message, { cause, retryable: true })
  }
}

/** The store is gone, not only out of reach for this user. */
const missing = [
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'NoSuchBucket',
  'NotFound',
]

function isAnswer(cause: unknown): boolean {
  if (!(cause instanceof Error) || missing.includes(cause.name)) return false
  const { $metadata } = cause as { $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode ?? 500
  return status < 500 && status !== 429
}
