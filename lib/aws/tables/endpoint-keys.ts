import { createHash } from 'node:crypto'
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { KeyGeneration } from '../../channels/endpoint-key.ts'
import { late } from '../../late.ts'
import { escapeTenant } from '../../tenant-name.ts'
import { conditionHeld } from './conditional-write.ts'

const generationItem = late(() =>
  z.object({
    generation: z.number().int().positive(),
    since: z.iso.datetime(),
  }),
)

/** The generations of the keys of webhook endpoints; the keys themselves are stored nowhere. */
export interface EndpointKeys {
  /** The first generation, for an endpoint whose key was never issued. */
  find(tenant: string, endpoint: string): Promise<KeyGeneration>
  /** @returns the first generation; undefined if the endpoint's key was issued before */
  issue(tenant: string, endpoint: string): Promise<KeyGeneration | undefined>
  /** @returns the next generation, or the first if none was issued */
  rotate(tenant: string, endpoint: string): Promise<KeyGeneration>
}

/** The sort key of the generations. */
export const signingKey = 'signing-key'

/** What the partition keys of a tenant's generations start with. */
export function endpointPrefix(tenant: string): string {
  return `endpoint#${escapeTenant(tenant)}#`
}

/** In the table of subscriptions, `endpoint#<tenant>#<hash of the endpoint>`. */
export function createEndpointKeys(table: string, client: DynamoDBDocumentClient): EndpointKeys {
  const keyOf = (tenant: string, endpoint: string) => ({
    // A URL may be longer than a key.
    subscriber: endpointPrefix(tenant) + createHash('sha256').update(endpoint).digest('hex'),
    eventType: signingKey,
  })
  const issue: EndpointKeys['issue'] = async (tenant, endpoint) => {
    const first = { generation: 1, since: new Date().toISOString() }
    const command = new PutCommand({
      TableName: table,
      Item: { ...keyOf(tenant, endpoint), ...first },
      ConditionExpression: 'attribute_not_exists(subscriber)',
    })
    return (await conditionHeld(client.send(command))) ? first : undefined
  }
  return {
    issue,

    async find(tenant, endpoint) {
      const Key = keyOf(tenant, endpoint)
      const { Item } = await client.send(new GetCommand({ TableName: table, Key }))
      return Item ? generationItem.parse(Item) : { generation: 1 }
    },

    async rotate(tenant, endpoint) {
      const first = await issue(tenant, endpoint)
      if (first) return first
      const command = new UpdateCommand({
        TableName: table,
        Key: keyOf(tenant, endpoint),
        UpdateExpression: 'ADD generation :one SET since = :now',
        ExpressionAttributeValues: { ':one': 1, ':now': new Date().toISOString() },
        ReturnValues: 'ALL_NEW',
      })
      return generationItem.parse((await client.send(command)).Attributes)
    },
  }
}
