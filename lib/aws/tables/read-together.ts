import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { together } from '../../queue-function/together.ts'
import { batchGet, keysInCall } from './batch-get.ts'
import type { Key } from './notification-keys.ts'

/** Reads an item of the notifications table as it is now (a strongly consistent read); undefined if there is none. */
export type ReadItem = (key: Key) => Promise<Record<string, unknown> | undefined>

export function readOne(TableName: string, client: DynamoDBDocumentClient): ReadItem {
  return async (Key) => {
    const command = new GetCommand({ TableName, Key, ConsistentRead: true })
    return (await client.send(command)).Item
  }
}

/** Reads what the messages of a batch ask for at the same moment with one call, the same item once. */
export function readTogether(TableName: string, client: DynamoDBDocumentClient): ReadItem {
  const read = async (keys: readonly Key[]) => {
    const distinct = new Map(keys.map((key) => [nameOf(key), key]))
    const options = { ConsistentRead: true }
    const items = await batchGet({ TableName, client }, [...distinct.values()], options)
    const found = new Map(items.map((item) => [nameOf(item), item]))
    return keys.map((key) => found.get(nameOf(key)))
  }
  return together(read, { most: keysInCall })
}

function nameOf({ event, entry }: Partial<Key>): string {
  return JSON.stringify([event, entry])
}
