import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'

const client = new DynamoDBClient({})

/** The least that a function which calls AWS has to load: one client of the SDK, and Node's TLS and crypto. */
export function handler(table: string, key: string): Promise<unknown> {
  return client.send(new GetItemCommand({ TableName: table, Key: { key: { S: key } } }))
}
