import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Log } from '../../log.ts'
import type { Preferences } from '../../notifications/subscriptions/preferences.ts'
import {
  type StoredSubscriptions,
  subscribersAmong,
} from '../../notifications/subscriptions/subscribers.ts'
import type { Action, SubscriptionStore } from '../../notifications/subscriptions/subscriptions.ts'
import { batchGet } from './batch-get.ts'
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

export function createSubscriptionStore(
  table: string,
  client: DynamoDBDocumentClient,
  log: Log,
): SubscriptionStore {
  const read = (keys: readonly Key[]): Promise<Item[]> =>
    batchGet({ TableName: table, client }, keys.filter(isKey))
  const { inRange, subscribersToType } = createSubscriptionQueries(table, client)
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

    async subscribersOf(tenant, eventType, range, limit) {
      const { items, hasMore } = await inRange(tenant, eventType, range, limit)
      const usernames = items.map((item) => usernameOf(tenant, item))
      const preferences = await read(usernames.map((username) => preferencesKey(tenant, username)))
      const stored = parseItems(tenant, [...items, ...preferences], log)
      const next = hasMore ? usernames.at(-1) : undefined
      return {
        subscribers: subscribersAmong(usernames, stored),
        recipients: usernames.length,
        ...(next !== undefined && { next }),
      }
    },

    async namesOf(tenant, eventType) {
      const items = await subscribersToType(tenant, eventType)
      return items.map((item) => usernameOf(tenant, item))
    },
  }
}

function parseItems(tenant: string, items: readonly Item[], log: Log): StoredSubscriptions {
  const actions = new Map<string, readonly Action[]>()
  const preferences = new Map<string, Preferences>()
  const misfits = new Set<string>()
  let rule: readonly Action[] | undefined
  for (const item of items) {
    const entry = entryIn(tenant, item)
    if (entry.of === 'misfit') {
      const { eventType, username } = entry
      if (eventType === 'preferences' && username !== undefined) misfits.add(username)
      log.warn('Skipped a subscription that does not fit', { tenant, eventType })
    } else if (entry.of === 'preferences') {
      preferences.set(entry.username, entry.preferences)
    } else if ('username' in entry.subscription) {
      actions.set(entry.subscription.username, entry.subscription.actions)
    } else rule = entry.subscription.actions
  }
  return { actions, preferences, misfits, ...(rule && { rule }) }
}
