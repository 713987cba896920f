import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Limited, Turns } from '../../channels/turns.ts'

/** Seconds without a delivery after which a tenant's item may go. */
const expirySeconds = 24 * 60 * 60

/** How often a turn is asked for that others take at the same moment. */
const tries = 20

/**
 * Turns in a table with the partition key `limit`, `<channel>#<tenant>`: `nextAt`, in epoch
 * milliseconds, is the next turn that nobody has, and whoever takes it moves it on. One write takes
 * a turn, two where others wait. The clocks of the senders are taken to agree within milliseconds.
 *
 * @param perSecond deliveries of one tenant by one channel
 */
export function createTurns(
  table: string,
  perSecond: number,
  client: DynamoDBDocumentClient,
): Turns {
  const interval = 1000 / perSecond

  /** @returns `nextAt` as it was before; or that it was not as the condition wants it, and how it is */
  async function move({ channel, tenant }: Limited, to: string, condition: string, values: object) {
    const command = new UpdateCommand({
      TableName: table,
      Key: { limit: `${channel}#${tenant}` },
      UpdateExpression: `SET nextAt = ${to}, expiresAt = :expiresAt`,
      ConditionExpression: condition,
      ExpressionAttributeValues: {
        ...values,
        ':expiresAt': Math.floor(Date.now() / 1000) + expirySeconds,
      },
      ReturnValues: 'UPDATED_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    try {
      const { Attributes } = await client.send(command)
      return { moved: true, nextAt: Number(Attributes?.['nextAt'] ?? 0) }
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return { moved: false, nextAt: Number(error.Item?.['nextAt']?.N ?? 0) }
    }
  }

  return {
    async take(limited, patience) {
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const now = Date.now()
        const free = await move(
          limited,
          ':next',
          'attribute_not_exists(nextAt) OR nextAt <= :now',
          {
            ':now': now,
            ':next': now + interval,
          },
        )
        if (free.moved) return 0
        if (free.nextAt > now + patience) return undefined
        const queued = await move(
          limited,
          'nextAt + :interval',
          'nextAt > :now AND nextAt <= :latest',
          { ':now': now, ':latest': now + patience, ':interval': interval },
        )
        if (queued.moved) return Math.ceil(queued.nextAt - now)
        if (queued.nextAt > now + patience) return undefined
      }
      // Each time the last turn had just come: as good as one who has to wait.
      return undefined
    },
  }
}
