import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { FloodMemory } from '../../channels/rate-limit.ts'
import { conditionHeld } from './conditional-write.ts'
import { limitKey, rateExpiry } from './rate-limits-table.ts'

/**
 * Floods in the table of rate limits: a pause moves the next free slot (`nextAt`), and the tenant's item has
 * the latest flood (`floodedChat`, `floodedUntil`).
 */
export function createFloodMemory(table: string, client: DynamoDBDocumentClient): FloodMemory {
  return {
    async pauseUntil(key, until) {
      const command = new UpdateCommand({
        TableName: table,
        Key: limitKey(key),
        UpdateExpression: 'SET nextAt = :until, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(nextAt) OR nextAt < :until',
        ExpressionAttributeValues: { ':until': until, ':expiresAt': rateExpiry() },
      })
      await conditionHeld(client.send(command))
    },

    async rememberFlood(key, chat, until) {
      const command = new UpdateCommand({
        TableName: table,
        Key: limitKey(key),
        UpdateExpression: 'SET floodedChat = :chat, floodedUntil = :until, expiresAt = :expiresAt',
        ExpressionAttributeValues: { ':chat': chat, ':until': until, ':expiresAt': rateExpiry() },
        ReturnValues: 'UPDATED_OLD',
      })
      const { floodedChat, floodedUntil } = (await client.send(command)).Attributes ?? {}
      if (floodedChat === undefined) return undefined
      return { chat: String(floodedChat), until: Number(floodedUntil) }
    },
  }
}
