import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency'
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EcosError } from '../errors.ts'
import type { EventKey } from '../events/bus-event.ts'
import type { Once, OnceOutcome } from '../tenant-functions/once.ts'

/** Longer than SQS keeps a message in a queue and then in its dead-letter queue (14 days each). */
const rememberedSeconds = 30 * 24 * 60 * 60

/**
 * Remembers handled events in a table with the key `id` and the time to live `expiration`. An
 * invocation that died holds an event for as long as it could have run.
 */
export function createOnce(table: string, awsSdkV3Client: DynamoDBClient): Once {
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: table, awsSdkV3Client })
  return async ({ tenant, eventType, eventId }, context, work) => {
    const config = new IdempotencyConfig({
      expiresAfterSeconds: rememberedSeconds,
      hashFunction: 'sha256',
      lambdaContext: context,
    })
    let outcome: OnceOutcome = 'duplicate'
    const workOnce = async (_key: EventKey) => {
      await work()
      outcome = 'handled'
      // The result is stored as it is returned, and it is nobody's business.
      return null
    }
    try {
      await makeIdempotent(workOnce, { persistenceStore, config })({ tenant, eventType, eventId })
    } catch (cause) {
      if (!(cause instanceof IdempotencyAlreadyInProgressError)) throw cause
      const message = `Another invocation is at the event ${eventId}, or has died at it: it is tried again`
      throw new EcosError('event-in-progress', message, { cause, retryable: true })
    }
    return outcome
  }
}
