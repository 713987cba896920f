import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { type NamedPerson, type Person, person } from '../../notifications/person.ts'
import { batchGet } from './batch-get.ts'
import { revokeLinks } from './own-settings.ts'
import {
  isKey,
  linksKey,
  peopleTypeOf,
  personKey,
  personOf,
  subscriberOf,
  usernameOf,
} from './subscriptions-items.ts'
import { createSubscriptionQueries } from './subscriptions-queries.ts'

/** The people of tenants, in the subscriptions' table. */
export interface PeopleBook {
  find(tenant: string, username: string): Promise<Person | undefined>
  /** Everyone known, by the index `byType`, which lags by moments. */
  all(tenant: string): Promise<NamedPerson[]>
  put(tenant: string, named: NamedPerson): Promise<void>
  /**
   * Deletes all items of a person: name and addresses, subscriptions, preferences. The links to their own page
   * that they have got are revoked, so that none of them brings anything back: that item stays.
   *
   * @returns the sort keys of those that there were
   */
  remove(tenant: string, username: string): Promise<string[]>
}

export function createPeopleBook(table: string, client: DynamoDBDocumentClient): PeopleBook {
  const { ofSubscriber, ofIndex } = createSubscriptionQueries(table, client)
  return {
    async find(tenant, username) {
      const Key = personKey(tenant, username)
      const command = new GetCommand({ TableName: table, Key, ConsistentRead: true })
      const { Item } = await client.send(command)
      return Item && person.safeParse(Item['person']).data
    },

    async all(tenant) {
      const items = await ofIndex(peopleTypeOf(tenant))
      return items.flatMap((item) => {
        const known = personOf(item)
        return known && Object.keys(known).length > 0
          ? [{ username: usernameOf(tenant, item), person: known }]
          : []
      })
    },

    async put(tenant, { username, person }) {
      // Addresses that are switched off stay so.
      const command = new UpdateCommand({
        TableName: table,
        Key: personKey(tenant, username),
        UpdateExpression: 'SET person = :person, tenantType = :tenantType',
        ExpressionAttributeValues: { ':person': person, ':tenantType': peopleTypeOf(tenant) },
      })
      await client.send(command)
    },

    async remove(tenant, username) {
      await revokeLinks(table, client, { tenant, username, at: new Date() })
      const { eventType: links } = linksKey(tenant, username)
      const all = await ofSubscriber(tenant, username)
      const items = all.filter(({ eventType }) => eventType !== links)
      for (const { eventType } of items) {
        const Key = { subscriber: subscriberOf(tenant, username), eventType }
        await client.send(new DeleteCommand({ TableName: table, Key }))
      }
      return items.map(({ eventType }) => String(eventType))
    },
  }
}

/** The people among these user names of whom something is known, by user name. */
export async function readPeople(
  table: string,
  client: DynamoDBDocumentClient,
  tenant: string,
  usernames: readonly string[],
): Promise<Map<string, Person>> {
  const keys = usernames.map((username) => personKey(tenant, username)).filter(isKey)
  if (keys.length === 0) return new Map()
  const items = await batchGet({ TableName: table, client }, keys)
  const known = items.flatMap((item) => {
    const found = personOf(item)
    return found ? [[usernameOf(tenant, item), found] as const] : []
  })
  return new Map(known)
}
