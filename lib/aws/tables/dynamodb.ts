import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, type TranslateConfig } from '@aws-sdk/lib-dynamodb'
import { boundCalls, createClient } from '../client.ts'

/** Region and credentials, where they are not those of the environment. */
export type ClientConfig = Pick<DynamoDBClientConfig, 'region' | 'credentials'>

/** A stored number may be beyond doubles and integers: by default, reading one throws. */
export const translation: TranslateConfig = {
  unmarshallOptions: {
    wrapNumbers(digits) {
      const number = Number(digits)
      const isExact = Number.isSafeInteger(number) || !/^-?\d+$/.test(digits)
      return isExact ? number : BigInt(digits)
    },
  },
}

export function createDynamoDb(config: ClientConfig = {}): DynamoDBDocumentClient {
  // The document client sends by itself: the bound of the client below does not reach its calls.
  const base = createClient(DynamoDBClient, {}, { ...config })
  const client = DynamoDBDocumentClient.from(base, translation)
  return boundCalls(client)
}
