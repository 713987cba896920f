import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { boundCalls, createClient, defaultBounds } from '../client.ts'

export function createDynamoDb(): DynamoDBDocumentClient {
  // The document client sends by itself: the bound of the client below does not reach its calls.
  const client = DynamoDBDocumentClient.from(createClient(DynamoDBClient))
  return boundCalls(client, defaultBounds.totalTimeout)
}
