import {
  type DynamoDBDocumentClient,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb'
import type { EventType } from '../../events/catalogue.ts'
import { byType, type Item, subscriberOf, tenantTypeOf } from './subscriptions-items.ts'

export interface SubscriptionQueries {
  /** All items of one person or, without a user name, the tenant's rules. */
  ofSubscriber(tenant: string, username?: string): Promise<Item[]>
  /** All people's subscriptions to one event type, from the index. */
  toType(tenant: string, eventType: EventType): Promise<Item[]>
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
  return {
    ofSubscriber: (tenant, username) =>
      query({
        KeyConditionExpression: 'subscriber = :subscriber',
        ExpressionAttributeValues: { ':subscriber': subscriberOf(tenant, username) },
      }),
    toType: (tenant, eventType) =>
      query({
        IndexName: byType,
        KeyConditionExpression: 'tenantType = :tenantType',
        ExpressionAttributeValues: { ':tenantType': tenantTypeOf(tenant, eventType) },
      }),
  }
}
