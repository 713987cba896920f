import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Person } from '../../notifications/person.ts'
import type { Preferences } from '../../notifications/subscriptions/preferences.ts'
import type { StoredActions } from '../../notifications/subscriptions/stored-actions.ts'
import {
  type StoredSubscriptions,
  subscribersAmong,
} from '../../notifications/subscriptions/subscribers.ts'
import type {
  GonePlaces,
  SubscriptionStore,
} from '../../notifications/subscriptions/subscriptions.ts'
import { batchGet } from './batch-get.ts'
import { readPeople } from './people-table.ts'
import {
  entryIn,
  type Item,
  isKey,
  type Key,
  keyOf,
  personKey,
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
        ...personal(tenant, usernames),
      ])
      return subscribersAmong(usernames, parseItems(tenant, items))
    },

    async subscribersOf(tenant, eventType, range, limit) {
      const { items, hasMore } = await inRange(tenant, eventType, range, limit)
      const subscriptions = items.filter((item) => item['eventType'] === eventType)
      const usernames = subscriptions.map((item) => usernameOf(tenant, item))
      const stored = parseItems(tenant, [
        ...subscriptions,
        ...(await read(personal(tenant, usernames))),
      ])
      const last = items.at(-1)
      const next = hasMore && last ? usernameOf(tenant, last) : undefined
      return {
        subscribers: subscribersAmong(usernames, stored),
        recipients: usernames.length,
        ...(next !== undefined && { next }),
      }
    },

    async displayNames(tenant, usernames) {
      const people = await readPeople(table, client, tenant, usernames)
      const named = [...people].flatMap(([username, { name }]) => (name ? [[username, name]] : []))
      return Object.fromEntries(named)
    },

    async namesOf(tenant, eventType) {
      const items = await subscribersToType(tenant, eventType)
      return items.map((item) => usernameOf(tenant, item))
    },
  }
}

/** The keys of what is known of people, whatever the event's type. */
function personal(tenant: string, usernames: readonly string[]): Key[] {
  return usernames.flatMap((username) => [
    preferencesKey(tenant, username),
    personKey(tenant, username),
  ])
}

function parseItems(tenant: string, items: readonly Item[]): StoredSubscriptions {
  const actions = new Map<string, StoredActions>()
  const preferences = new Map<string, Preferences>()
  const people = new Map<string, Person>()
  const gone = new Map<string, GonePlaces>()
  const misfits = new Set<string>()
  let rule: StoredActions | undefined
  for (const item of items) {
    const entry = entryIn(tenant, item)
    if (entry.of === 'misfit') {
      // What does not fit of a person is not known; preferences silence them.
      if (entry.username !== undefined && entry.eventType !== 'person') misfits.add(entry.username)
    } else if (entry.of === 'person') {
      people.set(entry.username, entry.person)
      if (entry.gone) gone.set(entry.username, entry.gone)
    } else if (entry.of === 'preferences') {
      preferences.set(entry.username, entry.preferences)
    } else {
      const { subscription, broken = [] } = entry
      const stored = { actions: subscription.actions, broken }
      if ('username' in subscription) actions.set(subscription.username, stored)
      else rule = stored
    }
  }
  return { actions, preferences, people, gone, misfits, ...(rule && { rule }) }
}
