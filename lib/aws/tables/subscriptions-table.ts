import { setTimeout as sleep } from 'node:timers/promises'
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { chunks } from '../../chunks.ts'
import { EcosError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Preferences } from '../../notifications/subscriptions/preferences.ts'
import {
  type StoredSubscriptions,
  subscribersAmong,
} from '../../notifications/subscriptions/subscribers.ts'
import type { Action, SubscriptionStore } from '../../notifications/subscriptions/subscriptions.ts'
import {
  entryIn,
  type Item,
  isKey,
  type Key,
  keyOf,
  preferencesKey,
  usernameOf,
} from './subscriptions-items.ts'
import { createSubscriptionQueries } from './subscriptions-queries.ts'

/** DynamoDB: keys in one BatchGetItem (service quota). */
const keysInCall = 100

/** Tries for keys that DynamoDB left unprocessed, with growing waits that start at 100 ms. */
const tries = 6
const firstWait = 100

export function createSubscriptionStore(
  table: string,
  client: DynamoDBDocumentClient,
  log: Log,
): SubscriptionStore {
  const read = async (keys: readonly Key[]): Promise<Item[]> => {
    const items: Item[] = []
    for (const chunk of chunks(keys.filter(isKey), keysInCall)) {
      items.push(...(await readAll(client, table, chunk)))
    }
    return items
  }
  const { toType } = createSubscriptionQueries(table, client)
  return {
    async find(tenant, usernames, eventType) {
      if (usernames.length === 0) return []
      const items = await read([
        keyOf({ tenant, eventType }),
        ...usernames.map((username) => keyOf({ tenant, username, eventType })),
        ...usernames.map((username) => preferencesKey(tenant, username)),
      ])
      return subscribersAmong(usernames, parseItems(tenant, items, log))
    },

    async subscribersOf(tenant, eventType) {
      const items = await toType(tenant, eventType)
      const usernames = items.map((item) => usernameOf(tenant, item))
      const preferences = await read(usernames.map((username) => preferencesKey(tenant, username)))
      return subscribersAmong(usernames, parseItems(tenant, [...items, ...preferences], log))
    },
  }
}

function parseItems(tenant: string, items: readonly Item[], log: Log): StoredSubscriptions {
  const actions = new Map<string, readonly Action[]>()
  const preferences = new Map<string, Preferences>()
  let rule: readonly Action[] | undefined
  for (const item of items) {
    const entry = entryIn(tenant, item)
    if (entry.of === 'misfit') {
      const { eventType } = entry
      log.warn('Skipped a subscription that does not fit', { tenant, eventType })
    } else if (entry.of === 'preferences') {
      preferences.set(entry.username, entry.preferences)
    } else if ('username' in entry.subscription) {
      actions.set(entry.subscription.username, entry.subscription.actions)
    } else rule = entry.subscription.actions
  }
  return { actions, preferences, ...(rule && { rule }) }
}

/** The items with these keys, in any order. Keys that DynamoDB leaves unprocessed are read again. */
async function readAll(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Key[],
): Promise<Item[]> {
  const items: Item[] = []
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
