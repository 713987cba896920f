import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { boundCalls, createClient, defaultBounds } from '../client.ts'

/** Region and credentials, where they are not those of the environment. */
export type ClientConfig = Pick<DynamoDBClientConfig, 'region' | 'credentials'>

export function createDynamoDb(config: ClientConfig = {}): DynamoDBDocumentClient {
  // The document client sends by itself: the bound of the client below does not reach its calls.
  const client = DynamoDBDocumentClient.from(createClient(DynamoDBClient, {}, { ...config }))
  return boundCalls(client, defaultBounds.totalTimeout)
}
