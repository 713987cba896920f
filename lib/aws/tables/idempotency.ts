import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency'
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EcosError } from '../../errors.ts'
import { deduplicationSeconds } from '../../notifications/store.ts'
import type { Once } from '../../queue-function/once.ts'

/**
 * Remembers completed work in a table with the partition key `id` and the TTL attribute `expiration`.
 * An invocation that dies holds its key until its deadline.
 */
export function createOnce(table: string, awsSdkV3Client: DynamoDBClient): Once {
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: table, awsSdkV3Client })
  return async (key, context, work) => {
    const config = new IdempotencyConfig({
      expiresAfterSeconds: deduplicationSeconds,
      hashFunction: 'sha256',
      lambdaContext: context,
      responseHook: () => 'duplicate',
    })
    const workOnce = makeIdempotent((_key: readonly string[]) => work(), {
      persistenceStore,
      config,
      // Another function may do different work for the same key.
      keyPrefix: context.functionName,
    })
    try {
      return await workOnce(key)
    } catch (cause) {
      if (!(cause instanceof IdempotencyAlreadyInProgressError)) throw cause
      const problem = 'Another invocation is handling this message, or died doing so'
      const retryAfterSeconds = await lockEnd(persistenceStore, key)
      throw new EcosError('under-way', problem, { cause, retryable: true, retryAfterSeconds })
    }
  }
}

/** Seconds until the lock ends: when its invocation completes, or at the latest at its deadline. */
async function lockEnd(store: DynamoDBPersistenceLayer, key: readonly string[]): Promise<number> {
  const { inProgressExpiryTimestamp = 0 } = await store.getRecord([...key])
  return Math.max(1, Math.ceil((inProgressExpiryTimestamp - Date.now()) / 1000))
}
