import { BatchWriteCommand, type BatchWriteCommandOutput, PutCommand } from '@aws-sdk/lib-dynamodb'
import { again, type Merge } from './merge.ts'

/** Items in one BatchWriteItem (DynamoDB service quota). */
const mostItems = 25

/** PutItem without a condition. One call may not write the same item twice: DynamoDB rejects it, and each goes alone. */
export function mergePuts(tables: readonly string[]): Merge<BatchWriteCommandOutput> {
  return {
    most: mostItems,

    sizeOf(command) {
      if (!(command instanceof PutCommand)) return undefined
      const { TableName = '', Item: _, ...more } = command.input
      return tables.includes(TableName) && Object.keys(more).length === 0 ? 1 : undefined
    },

    merge(commands) {
      const RequestItems: Record<string, { PutRequest: { Item: Record<string, unknown> } }[]> = {}
      for (const { input } of commands) {
        RequestItems[input.TableName] ??= []
        RequestItems[input.TableName]?.push({ PutRequest: { Item: input.Item } })
      }
      return new BatchWriteCommand({ RequestItems })
    },

    /** What was left is not told apart by its key: a few are written twice, which changes nothing. */
    split(commands, { UnprocessedItems = {} }) {
      return commands.map(({ input }) => {
        return (UnprocessedItems[input.TableName] ?? []).length > 0 ? again : {}
      })
    },
  }
}
