import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Witness } from '../../queue-function/suspects.ts'
import type { Key } from './notification-keys.ts'

/** Seconds for which SQS may keep a message. */
const retention = 14 * 86_400

/**
 * Tries in the notifications table, as items with the key `message#<message id>`, `tries`. The tries that began are a
 * set: the client repeats a call whose answer is lost, and a counter would count each repetition as a try.
 */
export function createWitness(TableName: string, client: DynamoDBDocumentClient): Witness {
  const update = async (messageId: string, change: string, values: Readonly<object> = {}) => {
    const Key: Key = { event: `message#${messageId}`, entry: 'tries' }
    const expiry = Math.floor(Date.now() / 1000) + retention
    const { Attributes } = await client.send(
      new UpdateCommand({
        ...{ TableName, Key, ReturnValues: 'ALL_NEW' },
        UpdateExpression: `${change} SET expiresAt = :expiry`,
        ExpressionAttributeValues: { ':expiry': expiry, ...values },
      }),
    )
    return Attributes
  }
  return {
    async begin(messageId, receive) {
      const after = await update(messageId, 'ADD begun :try', { ':try': new Set([receive]) })
      const { size }: ReadonlySet<number> = after?.['begun'] ?? new Set()
      return size - 1
    },

    async withdraw(messageId, receive) {
      await update(messageId, 'DELETE begun :try', { ':try': new Set([receive]) })
    },

    async end(messageId) {
      await update(messageId, 'REMOVE begun')
    },
  }
}
