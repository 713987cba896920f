import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { eventTypes } from '../../events/catalogue.ts'
import { isAt } from '../../notifications/subscriptions/actions.ts'
import type { SubscriptionEntry } from '../../notifications/subscriptions/entry.ts'
import type { Preferences } from '../../notifications/subscriptions/preferences.ts'
import { subscribedType } from '../../notifications/subscriptions/subscriptions.ts'
import {
  type SubscriptionSwitch,
  switchedOff,
} from '../../notifications/subscriptions/switch-off.ts'
import { createSubscriptionChanges, type SubscriptionChanges } from './subscriptions-changes.ts'
import { type ActionsKey, entryIn, keyOf, preferencesKey } from './subscriptions-items.ts'
import { createSubscriptionQueries } from './subscriptions-queries.ts'

/** Reads and changes individual subscriptions. */
export interface SubscriptionBook extends SubscriptionSwitch {
  /** A person's subscriptions and preferences. */
  ofPerson(tenant: string, username: string): Promise<SubscriptionEntry[]>
  /** A tenant's rules, and its people's subscriptions without their preferences. */
  ofTenant(tenant: string): Promise<SubscriptionEntry[]>
  readonly change: SubscriptionChanges['change']
  remove(of: ActionsKey): Promise<void>
  setPreferences(tenant: string, username: string, preferences: Preferences): Promise<void>
}

export function createSubscriptionBook(
  table: string,
  client: DynamoDBDocumentClient,
): SubscriptionBook {
  const { change, changeEach } = createSubscriptionChanges(table, client)
  const { ofSubscriber, toType } = createSubscriptionQueries(table, client)
  const entriesOf = async (tenant: string, username?: string) =>
    (await ofSubscriber(tenant, username)).map((item) => entryIn(tenant, item))
  return {
    ofPerson: entriesOf,

    async ofTenant(tenant) {
      const types = [...new Set(eventTypes.map(subscribedType))]
      const found = types.map((eventType) => toType(tenant, eventType))
      const items = (await Promise.all([ofSubscriber(tenant), ...found])).flat()
      return items.map((item) => entryIn(tenant, item))
    },

    change,

    async remove(of) {
      await client.send(new DeleteCommand({ TableName: table, Key: keyOf(of) }))
    },

    async setPreferences(tenant, username, preferences) {
      const Item = { ...preferencesKey(tenant, username), preferences }
      await client.send(new PutCommand({ TableName: table, Item }))
    },

    async switchOff(place, reason) {
      const { tenant, username } = place
      const off = { reason, at: new Date().toISOString() }
      // A rule with this very address, the same for everybody, is switched off too.
      const entries = [...(await entriesOf(tenant, username)), ...(await entriesOf(tenant))]
      for (const entry of entries) {
        if (entry.of !== 'subscription' || !entry.subscription.actions.some(isAt(place))) continue
        await changeEach(entry.subscription, (action) => switchedOff([action], place, off))
      }
    },
  }
}
