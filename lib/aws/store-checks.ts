import { EcosError, messageOf } from '../errors.ts'

/** Milliseconds for the answer to a check. */
const patience = 4_000

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
    const sqs = new SQSClient({ maxAttempts: 1 })
    return (abortSignal) =>
      sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: quarantineQueueUrl,
          AttributeNames: ['QueueArn'],
        }),
        { abortSignal },
      )
  })
  const checkBucket = lazily(async () => {
    const { S3Client, HeadBucketCommand } = await import('@aws-sdk/client-s3')
    const s3 = new S3Client({ maxAttempts: 1 })
    return (abortSignal) =>
      s3.send(new HeadBucketCommand({ Bucket: payloadBucket }), { abortSignal })
  })
  return async (): Promise<void> => {
    await Promise.all([
      answered(`the quarantine queue ${quarantineQueueUrl}`, checkQueue),
      payloadBucket && answered(`the payload bucket ${payloadBucket}`, checkBucket),
    ])
  }
}

type Ask = (abortSignal: AbortSignal) => Promise<unknown>

/** The clients are loaded with the first check. */
function lazily(load: () => Promise<Ask>): Ask {
  let ask: Promise<Ask> | undefined
  return async (abortSignal) => {
    ask ??= load()
    return (await ask)(abortSignal)
  }
}

async function answered(store: string, ask: Ask): Promise<void> {
  try {
    await ask(AbortSignal.timeout(patience))
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
