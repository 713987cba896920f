import {
  type DynamoDBDocumentClient,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb'
import type { EventType } from '../../events/catalogue.ts'
import type { Range } from '../../notifications/subscriptions/subscriptions.ts'
import { byType, type Item, isEntry, subscriberOf, tenantTypeOf } from './subscriptions-items.ts'

export interface SubscriptionQueries {
  /** All items of one person or, without a user name, the tenant's rules. */
  ofSubscriber(tenant: string, username?: string): Promise<Item[]>
  /** All items of a partition of the index. */
  ofIndex(tenantType: string): Promise<Item[]>
  /** All people's subscriptions to one event type, from the index. */
  toType(tenant: string, eventType: EventType): Promise<Item[]>
  /** The `subscriber` of each of them, sorted. */
  subscribersToType(tenant: string, eventType: EventType): Promise<Item[]>
  /** Those of a range of user names, in their order: at most `limit`, and whether there are more. */
  inRange(
    tenant: string,
    eventType: EventType,
    range: Range,
    limit: number,
  ): Promise<{ readonly items: Item[]; readonly hasMore: boolean }>
}

export function createSubscriptionQueries(
  table: string,
  client: DynamoDBDocumentClient,
): SubscriptionQueries {
  const query = async (input: Omit<QueryCommandInput, 'TableName'>): Promise<Item[]> => {
    const items: Item[] = []
    for await (const page of paginateQuery({ client }, { TableName: table, ...input })) {
      items.push(...(page.Items ?? []))
    }
    return items
  }
  const inIndex = (tenantType: string) => ({
    IndexName: byType,
    KeyConditionExpression: 'tenantType = :tenantType',
    ExpressionAttributeValues: { ':tenantType': tenantType },
  })
  const toType = (tenant: string, eventType: EventType) => inIndex(tenantTypeOf(tenant, eventType))
  return {
    async ofSubscriber(tenant, username) {
      const items = await query({
        // A person sees what they have just saved, and nothing new outlasts their removal.
        ConsistentRead: true,
        KeyConditionExpression: 'subscriber = :subscriber',
        ExpressionAttributeValues: { ':subscriber': subscriberOf(tenant, username) },
      })
      return items.filter(isEntry)
    },
    ofIndex: (tenantType) => query(inIndex(tenantType)),
    toType: (tenant, eventType) => query(toType(tenant, eventType)),
    subscribersToType: (tenant, eventType) =>
      query({ ...toType(tenant, eventType), ProjectionExpression: 'subscriber' }),
    async inRange(tenant, eventType, { after, upTo }, limit) {
      const { ExpressionAttributeValues, ...of } = toType(tenant, eventType)
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          ...of,
          TableName: table,
          KeyConditionExpression: `${of.KeyConditionExpression} AND subscriber BETWEEN :first AND :last`,
          ExpressionAttributeValues: {
            ...ExpressionAttributeValues,
            // The least text after a name is that name with a zero character.
            ':first': subscriberOf(tenant, after === undefined ? '' : `${after}\0`),
            ':last': subscriberOf(tenant, upTo ?? lastName),
          },
          Limit: limit,
        }),
      )
      return { items: Items, hasMore: LastEvaluatedKey !== undefined }
    },
  }
}

/** DynamoDB compares texts by their UTF-8 bytes. */
const lastName = '\u{10ffff}'
