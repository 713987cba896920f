import { BatchExecuteStatementCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { chunks } from '../../chunks.ts'
import { isRejection } from '../../queue-function/fault.ts'
import { statementsInCall } from './insert-all.ts'
import type { Key } from './notification-keys.ts'

/** Sets the given values of an item and removes the undefined ones. */
export interface ItemUpdate {
  readonly key: Key
  readonly values: Readonly<Record<string, unknown>>
}

/**
 * Updates items that exist, many in a call. It costs the write units of as many single updates, and a
 * tenth of their CPU.
 *
 * @returns for each item whether it was updated; false also if DynamoDB did not accept it
 */
export async function updateAll(
  table: string,
  client: DynamoDBDocumentClient,
  updates: readonly ItemUpdate[],
): Promise<readonly boolean[]> {
  const updated = await Promise.all(
    chunks(updates, statementsInCall).map((some) => updateChunk(table, client, some)),
  )
  return updated.flat()
}

async function updateChunk(
  table: string,
  client: DynamoDBDocumentClient,
  updates: readonly ItemUpdate[],
): Promise<readonly boolean[]> {
  const Statements = updates.map(({ key, values }) => {
    const names = Object.keys(values)
    const given = names.filter((name) => values[name] !== undefined)
    const changes = [
      ...given.map((name) => `SET "${name}" = ?`),
      ...names.filter((name) => values[name] === undefined).map((name) => `REMOVE "${name}"`),
    ]
    return {
      // UPDATE fails with ConditionalCheckFailed if there is no such item (developer guide, PartiQL).
      Statement: `UPDATE "${table}" ${changes.join(' ')} WHERE "event" = ? AND "entry" = ?`,
      Parameters: [...given.map((name) => values[name]), key.event, key.entry],
    }
  })
  try {
    const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements }))
    return updates.map((_, index) => {
      const response = Responses[index]
      return response !== undefined && response.Error === undefined
    })
  } catch (error) {
    // The whole call fails for one item that is not accepted.
    if (!isRejection(error)) throw error
    return updates.map(() => false)
  }
}
