import { setTimeout as sleep } from 'node:timers/promises'
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { chunks } from '../chunks.ts'
import { EcosError } from '../errors.ts'
import type { EventType } from '../events/catalogue.ts'
import type { Log } from '../log.ts'
import {
  type Subscription,
  type SubscriptionStore,
  subscription,
} from '../notifications/subscriptions.ts'

/** DynamoDB: keys in one BatchGetItem, and bytes of a partition key (service quotas). */
const keysInCall = 100
const longestKey = 2048

/** How often keys that DynamoDB left unread are asked for, with growing waits that start at 100 ms. */
const tries = 6
const firstWait = 100

interface Key {
  readonly subscriber: string
  readonly eventType: EventType
}

/**
 * Subscriptions in a table with the partition key `subscriber`, `<tenant>#<username>`, and the sort
 * key `eventType`; `actions` is a list of maps. A tenant's id holds no `#`.
 */
export function createSubscriptionStore(
  table: string,
  client: DynamoDBDocumentClient,
  log: Log,
): SubscriptionStore {
  return {
    async find(tenant, usernames, eventType) {
      const keys = usernames
        .map((username): Key => ({ subscriber: `${tenant}#${username}`, eventType }))
        // No subscription can have such a name, and one would have the whole call refused.
        .filter(({ subscriber }) => Buffer.byteLength(subscriber) <= longestKey)
      const found: Subscription[] = []
      for (const some of chunks(keys, keysInCall)) {
        for (const item of await readAll(client, table, some)) {
          const parsed = subscription.safeParse(withKey(tenant, item))
          if (parsed.success) found.push(parsed.data)
          else log.warn('A subscription does not fit and is left out', { tenant, eventType })
        }
      }
      return found
    },
  }
}

function withKey(tenant: string, item: Record<string, unknown>): Record<string, unknown> {
  const username = String(item['subscriber']).slice(`${tenant}#`.length)
  return { ...item, tenant, username }
}

/** The items of those keys, in any order. DynamoDB may leave keys unread: they are asked for again. */
async function readAll(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = []
  let unread: Record<string, unknown>[] = keys.map((key) => ({ ...key }))
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (attempt > 0) await sleep(Math.random() * firstWait * 2 ** attempt)
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: unread } } }),
    )
    items.push(...(answer.Responses?.[table] ?? []))
    unread = answer.UnprocessedKeys?.[table]?.Keys ?? []
    if (unread.length === 0) return items
  }
  const problem = `left ${unread.length} keys unread ${tries} times`
  throw new EcosError('subscriptions-unread', `The table ${table} ${problem}`, { retryable: true })
}
