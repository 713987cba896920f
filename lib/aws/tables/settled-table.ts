import { setTimeout as sleep } from 'node:timers/promises'
import {
  BatchGetCommand,
  BatchWriteCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb'
import type { SettledMessages } from '../../bridge/amazon-mq/settled.ts'
import { chunks } from '../../chunks.ts'
import type { ErrorCode } from '../../error-codes.ts'
import { EcosError } from '../../errors.ts'

/** DynamoDB: keys in one BatchGetItem, items in one BatchWriteItem (service quotas). */
const maxKeys = 100
const maxItems = 25

/** Tries for items that DynamoDB left unprocessed, with growing waits that start at 100 ms. */
const tries = 6
const firstWait = 100

/** Seconds for which a settled message is remembered. */
export const settledSeconds = 24 * 60 * 60

/** Keys in a table with the partition key `message`; `expiresAt` is the table's TTL. */
export function createSettledTable(table: string, client: DynamoDBDocumentClient): SettledMessages {
  return {
    async among(keys) {
      // DynamoDB rejects a whole call that names a key twice.
      const found = await Promise.all(chunks([...new Set(keys)], maxKeys).map(readKeys))
      return new Set(found.flat())
    },
    async remember(keys) {
      await Promise.all(chunks([...new Set(keys)], maxItems).map(write))
    },
  }

  /** @throws EcosError `settled-unread` when DynamoDB leaves keys unread */
  async function readKeys(keys: readonly string[]): Promise<string[]> {
    const Keys = keys.map((message) => ({ message }))
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    )
    const unread = answer.UnprocessedKeys?.[table]?.Keys?.length ?? 0
    if (unread > 0) throw incomplete('settled-unread', `left ${unread} keys unread`)
    const now = Date.now() / 1000
    // TTL deletes expired items only within days.
    const items = (answer.Responses?.[table] ?? []).filter(({ expiresAt }) => expiresAt > now)
    return items.map(({ message }) => String(message))
  }

  async function write(keys: readonly string[]): Promise<void> {
    const expiresAt = Math.floor(Date.now() / 1000) + settledSeconds
    let left: WriteRequests = keys.map((message) => ({
      PutRequest: { Item: { message, expiresAt } },
    }))
    for (let attempt = 0; attempt < tries; attempt += 1) {
      if (attempt > 0) await sleep(Math.random() * firstWait * 2 ** attempt)
      const { UnprocessedItems } = await client.send(
        new BatchWriteCommand({ RequestItems: { [table]: left } }),
      )
      left = UnprocessedItems?.[table] ?? []
      if (left.length === 0) return
    }
    throw incomplete('settled-unwritten', `left ${left.length} items unwritten ${tries} times`)
  }

  function incomplete(code: ErrorCode, problem: string): EcosError {
    return new EcosError(code, `The table ${table} ${problem}`, { retryable: true })
  }
}

type WriteRequests = NonNullable<BatchWriteCommand['input']['RequestItems']>[string]
