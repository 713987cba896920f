import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { itemOf } from '../../lib/aws/tables/subscriptions-items.ts'
import { chunks } from '../../lib/chunks.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import type { Stack } from '../../local/stack.ts'
import { benchTenants } from '../job.ts'

/** A limit of deliveries a second is a tenant's: many share the rate. */
export const wholeWayTenants: readonly Tenant[] = benchTenants(10)

/** A person who is told of one event. */
export interface Person {
  readonly tenant: Tenant
  readonly username: string
  readonly address: string
}

/** People with a subscription to mails, in the tenants in turn. */
export async function subscribe(
  { cloud, deployment }: Stack,
  name: string,
  count: number,
): Promise<Person[]> {
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const subscriptions = String(deployment['SubscriptionsTableName'])
  const people = Array.from({ length: count }, (_, index) => {
    const username = `${name}-${index}`
    const tenant = wholeWayTenants[index % wholeWayTenants.length] as Tenant
    return { tenant, username, address: `${username}@corp.example` }
  })
  for (const some of chunks(people, 25)) {
    const puts = some.map(({ tenant, username, address }) => {
      const of = { tenant: tenant.id, username, eventType: 'task.assign' } as const
      return { PutRequest: { Item: itemOf(of, [{ channel: 'email', address }]) } }
    })
    await client.send(new BatchWriteCommand({ RequestItems: { [subscriptions]: puts } }))
  }
  return people
}
