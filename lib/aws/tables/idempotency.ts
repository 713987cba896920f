import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency'
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EcosError } from '../../errors.ts'
import type { Once } from '../../queue-function/once.ts'

/** Longer than SQS keeps a message in a queue and then in its dead-letter queue (14 days each). */
const rememberedSeconds = 30 * 24 * 60 * 60

/**
 * Remembers what a function did in a table with the key `id` and the time to live `expiration`. An
 * invocation that died holds its key until its deadline.
 */
export function createOnce(table: string, awsSdkV3Client: DynamoDBClient): Once {
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: table, awsSdkV3Client })
  return async (key, context, work) => {
    const config = new IdempotencyConfig({
      expiresAfterSeconds: rememberedSeconds,
      hashFunction: 'sha256',
      lambdaContext: context,
      responseHook: () => 'duplicate',
    })
    const workOnce = makeIdempotent((_key: readonly string[]) => work(), {
      persistenceStore,
      config,
      // Another function may do something else for the same key.
      keyPrefix: context.functionName,
    })
    try {
      return await workOnce(key)
    } catch (cause) {
      if (!(cause instanceof IdempotencyAlreadyInProgressError)) throw cause
      const problem = 'Another invocation is at it, or has died at it: it is tried again'
      throw new EcosError('under-way', problem, { cause, retryable: true })
    }
  }
}
