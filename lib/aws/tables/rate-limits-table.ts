import { createHash } from 'node:crypto'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { RateKey, RateLimiter } from '../../channels/rate-limit.ts'
import { escapeTenant } from '../../tenant-name.ts'

/** Seconds without a delivery after which a tenant's item may be deleted. */
const expirySeconds = 24 * 60 * 60

/** Epoch seconds, as TTL takes them. */
export function rateExpiry(): number {
  return Math.floor(Date.now() / 1000) + expirySeconds
}

/** Bytes of an address in a key as it is: a partition key has at most 2,048 (service quota). */
const longestChat = 1024

export function limitKey({ channel, tenant, chat }: RateKey) {
  const parts = chat === undefined ? [] : [bounded(chat)]
  return { limit: [channel, escapeTenant(tenant), ...parts].join('#') }
}

function bounded(chat: string): string {
  if (Buffer.byteLength(chat) <= longestChat) return chat
  return createHash('sha256').update(chat).digest('hex')
}

/** Tries to reserve a slot while others take it at the same moment. */
const tries = 20

/**
 * A rate limiter in a table with the partition key `limit`, `<channel>#<tenant>` or
 * `<channel>#<tenant>#<chat>`: `nextAt`, in epoch milliseconds, is the next free slot, and whoever reserves
 * some moves it on. A reservation costs one write, or two while others wait, however many slots it takes. The
 * senders' clocks are assumed to agree within milliseconds.
 *
 * @param perSecond deliveries within one limit
 */
export function createRateLimiter(
  table: string,
  perSecond: number,
  client: DynamoDBDocumentClient,
): RateLimiter {
  const interval = 1000 / perSecond

  /** @returns the former `nextAt` if the condition held, the current one otherwise */
  async function move(key: RateKey, to: string, condition: string, values: object) {
    const command = new UpdateCommand({
      TableName: table,
      Key: limitKey(key),
      UpdateExpression: `SET nextAt = ${to}, expiresAt = :expiresAt`,
      ConditionExpression: condition,
      ExpressionAttributeValues: {
        ...values,
        ':expiresAt': rateExpiry(),
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
    async reserve(key, count, maxWait) {
      /** The slots, at most `count`, from the first on that come in time. */
      const inTime = (first: number, now: number) =>
        Math.min(count, Math.floor((now + maxWait - first) / interval) + 1)
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const now = Date.now()
        const slots = inTime(now, now)
        const free = await move(key, ':next', 'attribute_not_exists(nextAt) OR nextAt <= :now', {
          ':now': now,
          ':next': now + slots * interval,
        })
        if (free.moved) return waits(0, slots)
        const queued = inTime(free.nextAt, now)
        if (queued < 1) return []
        const moved = await move(key, 'nextAt + :slots', 'nextAt > :now AND nextAt <= :latest', {
          ':now': now,
          ':latest': now + maxWait - (queued - 1) * interval,
          ':slots': queued * interval,
        })
        if (moved.moved) return waits(moved.nextAt - now, queued)
      }
      // Others took every slot first: the caller has to come back, as if the limit were reached.
      return []
    },
  }

  function waits(first: number, count: number): number[] {
    return Array.from({ length: count }, (_, at) => Math.ceil(first + at * interval))
  }
}
