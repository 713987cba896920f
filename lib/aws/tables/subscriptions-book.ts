import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { eventTypes } from '../../events/catalogue.ts'
import { isAt } from '../../notifications/subscriptions/actions.ts'
import type { SubscriptionEntry } from '../../notifications/subscriptions/entry.ts'
import type { Preferences } from '../../notifications/subscriptions/preferences.ts'
import { isMadeFor } from '../../notifications/subscriptions/rule-address.ts'
import {
  type Action,
  placesOf,
  subscribedType,
} from '../../notifications/subscriptions/subscriptions.ts'
import {
  type Place,
  type SubscriptionSwitch,
  switchedOff,
  switchedOn,
} from '../../notifications/subscriptions/switch-off.ts'
import { createGonePlaces } from './gone-places.ts'
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
  /** @returns the number of subscriptions and rules in which the address was switched off; all of the rules that make it for the person count as one */
  switchOn(place: Place): Promise<number>
  setPreferences(tenant: string, username: string, preferences: Preferences): Promise<void>
}

export function createSubscriptionBook(
  table: string,
  client: DynamoDBDocumentClient,
): SubscriptionBook {
  const { change, changeEach } = createSubscriptionChanges(table, client)
  const { ofSubscriber, toType } = createSubscriptionQueries(table, client)
  const gone = createGonePlaces(table, client)
  const entriesOf = async (tenant: string, username?: string) =>
    (await ofSubscriber(tenant, username)).map((item) => entryIn(tenant, item))
  /** The person's subscriptions with an address, and the tenant's rules with this very one, the same for everybody. */
  const subscriptionsAt = async (place: Place) => {
    const { tenant, username } = place
    const entries = [...(await entriesOf(tenant, username)), ...(await entriesOf(tenant))]
    return entries.flatMap((entry) =>
      entry.of === 'subscription' && entry.subscription.actions.flatMap(placesOf).some(isAt(place))
        ? [entry.subscription]
        : [],
    )
  }
  const isMadeByRule = async ({ tenant, username, channel, address }: Place) => {
    const known = (await entriesOf(tenant, username)).find((entry) => entry.of === 'person')
    const of = { username, ...(known && { person: known.person }) }
    return (await entriesOf(tenant)).some(
      (entry) =>
        entry.of === 'subscription' &&
        entry.subscription.actions
          .flatMap(placesOf)
          .some((place) => place.channel === channel && isMadeFor(of, place, address)),
    )
  }
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
      const off = { reason, at: new Date().toISOString() }
      const found = await subscriptionsAt(place)
      for (const of of found) {
        await changeEach(of, (action) => switchedOff([action], place, off))
      }
      // Without a subscription with the address, a rule has made it, which may be another one by now.
      if (found.length === 0 || (await isMadeByRule(place))) await gone.add(place, off)
    },

    async switchOn(place) {
      const isOff = (action: Action) =>
        placesOf(action).some((one) => isAt(place)(one) && one.off !== undefined)
      const found = (await subscriptionsAt(place)).filter(({ actions }) => actions.some(isOff))
      for (const of of found) {
        await changeEach(of, (action) => [switchedOn(action, place)])
      }
      return found.length + ((await gone.remove(place)) ? 1 : 0)
    },
  }
}
