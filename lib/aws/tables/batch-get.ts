import { setTimeout as sleep } from 'node:timers/promises'
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb'
import { chunks } from '../../chunks.ts'
import { EcosError } from '../../errors.ts'

/** Keys in one BatchGetItem (DynamoDB service quota). */
const keysInCall = 100

/** Tries for keys that DynamoDB left unprocessed, with growing waits that start at 100 ms. */
const tries = 6
const firstWait = 100

export interface Table {
  readonly TableName: string
  readonly client: DynamoDBDocumentClient
}

type Request = NonNullable<BatchGetCommandInput['RequestItems']>[string]
type Item = Record<string, unknown>

/**
 * Reads the items with these keys, in any order; a missing one is left out.
 *
 * @param options what else BatchGetItem takes for the table: `ConsistentRead`, a projection
 * @throws EcosError `table-unread` if DynamoDB leaves keys unprocessed at each try
 */
export async function batchGet(
  { TableName, client }: Table,
  keys: readonly object[],
  options: Omit<Request, 'Keys'> = {},
): Promise<Item[]> {
  const items: Item[] = []
  for (const chunk of chunks(keys, keysInCall)) {
    let unread: Item[] = chunk.map((key) => ({ ...key }))
    for (let attempt = 0; unread.length > 0; attempt += 1) {
      if (attempt === tries) throw unreadKeys(TableName, unread.length)
      if (attempt > 0) await sleep(Math.random() * firstWait * 2 ** attempt)
      const RequestItems = { [TableName]: { ...options, Keys: unread } }
      const answer = await client.send(new BatchGetCommand({ RequestItems }))
      items.push(...(answer.Responses?.[TableName] ?? []))
      unread = answer.UnprocessedKeys?.[TableName]?.Keys ?? []
    }
  }
  return items
}

function unreadKeys(table: string, count: number): EcosError {
  const problem = `DynamoDB left ${count} keys of the table ${table} unread ${tries} times`
  return new EcosError('table-unread', problem, { retryable: true })
}
