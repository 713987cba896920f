import {
  BatchGetCommand,
  type BatchWriteCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { createSettledTable, settledSeconds } from '../../../../lib/aws/tables/settled-table.ts'

/** A table that takes, and answers, at most so many of a call. */
function tableOf(most: number) {
  const items = new Map<string, number>()
  const calls: number[] = []
  const client = {
    async send(command: BatchGetCommand | BatchWriteCommand) {
      if (command instanceof BatchGetCommand) {
        const keys = command.input.RequestItems?.['table']?.Keys ?? []
        calls.push(keys.length)
        const read = keys.slice(0, most).map(({ message }) => String(message))
        const found = read.flatMap((message) => {
          const expiresAt = items.get(message)
          return expiresAt === undefined ? [] : [{ message, expiresAt }]
        })
        const unread = keys.slice(most)
        const UnprocessedKeys = unread.length > 0 ? { table: { Keys: unread } } : {}
        return { Responses: { table: found }, UnprocessedKeys }
      }
      const requests = command.input.RequestItems?.['table'] ?? []
      calls.push(requests.length)
      for (const { PutRequest } of requests.slice(0, most)) {
        const { message, expiresAt } = PutRequest?.Item ?? {}
        items.set(message, expiresAt)
      }
      const left = requests.slice(most)
      return { UnprocessedItems: left.length > 0 ? { table: left } : {} }
    },
  }
  const table = createSettledTable('table', client as unknown as DynamoDBDocumentClient)
  return { table, items, calls }
}

const keys = Array.from({ length: 120 }, (_, index) => `k${index}`)

describe('what was settled', () => {
  it('is found again, in calls of the size that DynamoDB takes', async () => {
    const { table, calls } = tableOf(1000)
    await table.remember([...keys, ...keys])
    expect([...(await table.among([...keys, 'new', 'k0']))]).toEqual(keys)
    expect(calls).toEqual([25, 25, 25, 25, 20, 100, 21])
  })

  it('is written to the last where DynamoDB leaves some unwritten', async () => {
    const { table, items, calls } = tableOf(10)
    await table.remember(keys.slice(0, 25))
    expect([...items.keys()]).toEqual(keys.slice(0, 25))
    expect(calls).toEqual([25, 15, 5])
  })

  it('is given up aloud where DynamoDB takes nothing', async () => {
    const { table } = tableOf(0)
    const code = (name: string) => expect.objectContaining({ code: name, retryable: true })
    await expect(table.remember(['k'])).rejects.toEqual(code('settled-unwritten'))
    await expect(table.among(['k'])).rejects.toEqual(code('settled-unread'))
  }, 300_000)

  it('is forgotten after its window, also before DynamoDB has deleted it', async () => {
    const { table, items } = tableOf(1000)
    await table.remember(['k'])
    const now = Date.now() / 1000
    expect(items.get('k')).toBeGreaterThan(now + settledSeconds - 60)
    items.set('k', now - 1)
    expect(await table.among(['k'])).toEqual(new Set())
  })
})
