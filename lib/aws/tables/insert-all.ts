import { BatchExecuteStatementCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { chunks } from '../../chunks.ts'
import { isRejection } from '../../queue-function/fault.ts'

/** Statements in one BatchExecuteStatement (service quota). */
export const statementsInCall = 25

/**
 * Inserts items that are new, many in a call. It costs the write units of as many conditional puts, and a
 * tenth of their CPU. BatchWriteItem would overwrite what is there.
 *
 * @returns for each item whether it was inserted; false also if DynamoDB did not accept it
 */
export async function insertAll(
  table: string,
  client: DynamoDBDocumentClient,
  items: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly boolean[]> {
  const inserted = await Promise.all(
    chunks(items, statementsInCall).map((some) => insertChunk(table, client, some)),
  )
  return inserted.flat()
}

async function insertChunk(
  table: string,
  client: DynamoDBDocumentClient,
  items: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly boolean[]> {
  const Statements = items.map((item) => {
    const places = Object.keys(item).map((name) => `'${name}': ?`)
    return {
      // INSERT fails with DuplicateItem if there is an item with the key (developer guide, PartiQL).
      Statement: `INSERT INTO "${table}" VALUE {${places.join(', ')}}`,
      Parameters: Object.values(item),
    }
  })
  try {
    const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements }))
    return items.map((_, index) => {
      const response = Responses[index]
      return response !== undefined && response.Error === undefined
    })
  } catch (error) {
    // The whole call fails for one item that is not accepted.
    if (!isRejection(error)) throw error
    return items.map(() => false)
  }
}
