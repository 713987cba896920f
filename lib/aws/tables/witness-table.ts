import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Witness } from '../../queue-function/suspects.ts'
import type { Key } from './notification-keys.ts'

/** Seconds for which SQS may keep a message. */
const retention = 14 * 86_400

/** Tries in the notifications table, as items with the key `message#<message id>`, `tries`. */
export function createWitness(TableName: string, client: DynamoDBDocumentClient): Witness {
  const keyOf = (messageId: string): Key => ({ event: `message#${messageId}`, entry: 'tries' })
  return {
    async begin(messageId) {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(messageId),
          UpdateExpression: 'ADD begun :one SET expiresAt = :expiry',
          ExpressionAttributeValues: {
            ':one': 1,
            ':expiry': Math.floor(Date.now() / 1000) + retention,
          },
          ReturnValues: 'UPDATED_NEW',
        }),
      )
      return Number(Attributes?.['begun']) - 1
    },

    async end(messageId) {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(messageId),
          UpdateExpression: 'SET begun = :none',
          ExpressionAttributeValues: { ':none': 0 },
        }),
      )
    },
  }
}
