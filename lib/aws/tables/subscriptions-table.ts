import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Preferences } from '../../notifications/subscriptions/preferences.ts'
import type { StoredActions } from '../../notifications/subscriptions/stored-actions.ts'
import {
  type StoredSubscriptions,
  subscribersAmong,
} from '../../notifications/subscriptions/subscribers.ts'
import type { SubscriptionStore } from '../../notifications/subscriptions/subscriptions.ts'
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
      return subscribersAmong(usernames, parseItems(tenant, items))
    },

    async subscribersOf(tenant, eventType, range, limit) {
      const { items, hasMore } = await inRange(tenant, eventType, range, limit)
      const subscriptions = items.filter((item) => item['eventType'] === eventType)
      const usernames = subscriptions.map((item) => usernameOf(tenant, item))
      const preferences = await read(usernames.map((username) => preferencesKey(tenant, username)))
      const stored = parseItems(tenant, [...subscriptions, ...preferences])
      const last = items.at(-1)
      const next = hasMore && last ? usernameOf(tenant, last) : undefined
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

function parseItems(tenant: string, items: readonly Item[]): StoredSubscriptions {
  const actions = new Map<string, StoredActions>()
  const preferences = new Map<string, Preferences>()
  const misfits = new Set<string>()
  let rule: StoredActions | undefined
  for (const item of items) {
    const entry = entryIn(tenant, item)
    if (entry.of === 'misfit') {
      if (entry.username !== undefined) misfits.add(entry.username)
    } else if (entry.of === 'preferences') {
      preferences.set(entry.username, entry.preferences)
    } else {
      const { subscription, broken = [] } = entry
      const stored = { actions: subscription.actions, broken }
      if ('username' in subscription) actions.set(subscription.username, stored)
      else rule = stored
    }
  }
  return { actions, preferences, misfits, ...(rule && { rule }) }
}
