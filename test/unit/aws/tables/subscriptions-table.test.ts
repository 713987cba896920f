import type { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { createSubscriptionStore } from '../../../../lib/aws/tables/subscriptions-table.ts'

/** A table with a subscription of everyone, which answers at most so many keys of a call. */
function tableThatReads(most: number) {
  const calls: number[] = []
  const client = {
    async send({ input }: BatchGetCommand) {
      const keys = input.RequestItems?.['table']?.Keys ?? []
      calls.push(keys.length)
      const read = keys
        .slice(0, most)
        .filter(({ subscriber, eventType }) => subscriber !== 'acme' && eventType === 'task.assign')
        .map((key) => ({ ...key, actions: [] }))
      const unread = keys.slice(most)
      const UnprocessedKeys = unread.length > 0 ? { table: { Keys: unread } } : {}
      return { Responses: { table: read }, UnprocessedKeys }
    },
  }
  const store = createSubscriptionStore('table', client as unknown as DynamoDBDocumentClient)
  return { calls, store }
}

it('preferences that do not fit are not ignored: their person is told why nothing comes', async () => {
  const items = [
    { subscriber: 'acme#ivanov', eventType: 'task.assign', actions: [] },
    {
      subscriber: 'acme#ivanov',
      eventType: 'preferences',
      preferences: {
        timeZone: 'UTC',
        channels: { '*': [] },
        quietHours: { from: '9pm', to: '08:00' },
      },
    },
  ]
  const client = { send: async () => ({ Responses: { table: items } }) }
  const store = createSubscriptionStore('table', client as unknown as DynamoDBDocumentClient)
  expect(await store.find('acme', ['ivanov'], 'task.assign')).toEqual([
    { username: 'ivanov', actions: [], preferencesFault: expect.stringContaining('do not fit') },
  ])
})

const users = Array.from({ length: 150 }, (_, index) => `u${index}`)

describe('keys that DynamoDB leaves unread', () => {
  it('are asked for again, and nobody is left out', async () => {
    const { calls, store } = tableThatReads(60)
    const found = await store.find('acme', users, 'task.assign')
    expect(found.map(({ username }) => username)).toEqual(users)
    // Three keys for each person, and the tenant's rule.
    expect(calls).toEqual([100, 40, 100, 40, 100, 40, 100, 40, 51])
  })

  it('are given up in the end, aloud', async () => {
    const { calls, store } = tableThatReads(0)
    await expect(store.find('acme', ['ivanov'], 'task.assign')).rejects.toMatchObject({
      code: 'table-unread',
      retryable: true,
    })
    expect(calls).toHaveLength(6)
  }, 300_000)
})
