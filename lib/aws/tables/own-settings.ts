import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { OwnSettingsStore } from '../../own-page/store.ts'
import { conditionHeld } from './conditional-write.ts'
import { entryIn, linksKey, preferencesKey } from './subscriptions-items.ts'
import { createSubscriptionQueries } from './subscriptions-queries.ts'

/** A person's settings in the table of subscriptions, and when their links were revoked. */
export function createOwnSettings(table: string, client: DynamoDBDocumentClient): OwnSettingsStore {
  const { ofSubscriber } = createSubscriptionQueries(table, client)
  return {
    async read(tenant, username) {
      const [own, rules, links] = await Promise.all([
        ofSubscriber(tenant, username),
        ofSubscriber(tenant),
        client.send(
          new GetCommand({
            TableName: table,
            Key: linksKey(tenant, username),
            ConsistentRead: true,
          }),
        ),
      ])
      const entries = [...own, ...rules].map((item) => entryIn(tenant, item))
      const found = entries.flatMap((entry) =>
        entry.of === 'subscription' ? [entry.subscription] : [],
      )
      const revokedAt = links.Item?.['revokedAt']
      return {
        preferences: entries.find((entry) => entry.of === 'preferences')?.preferences,
        stored: own.find(({ eventType }) => eventType === 'preferences')?.['preferences'],
        person: entries.find((entry) => entry.of === 'person')?.person,
        subscriptions: found.filter((one) => 'username' in one),
        rules: found.filter((one) => !('username' in one)),
        ...(typeof revokedAt === 'number' && { revokedAt }),
      }
    },

    save(tenant, username, preferences, stored) {
      const condition =
        stored === undefined
          ? { ConditionExpression: 'attribute_not_exists(subscriber)' }
          : {
              ConditionExpression: 'preferences = :stored',
              ExpressionAttributeValues: { ':stored': stored },
            }
      const Item = { ...preferencesKey(tenant, username), preferences }
      return conditionHeld(client.send(new PutCommand({ TableName: table, Item, ...condition })))
    },
  }
}

/** Revokes the links that a person has got so far. */
export async function revokeLinks(
  table: string,
  client: DynamoDBDocumentClient,
  {
    tenant,
    username,
    at,
  }: { readonly tenant: string; readonly username: string; readonly at: Date },
): Promise<void> {
  // A link of the same second is revoked too.
  const revokedAt = Math.floor(at.getTime() / 1000) + 1
  const Item = { ...linksKey(tenant, username), revokedAt }
  await client.send(new PutCommand({ TableName: table, Item }))
}
