import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { expect, it } from '@jest/globals'
import { readTogether } from '../../../../lib/aws/tables/read-together.ts'

interface Requests {
  readonly RequestItems: Record<string, { Keys: { event: string }[]; ConsistentRead?: boolean }>
}

it('reads the items of a batch with one consistent call, in any order, and the same item once', async () => {
  const requests: Requests[] = []
  const send = async ({ input }: { input: Requests }) => {
    requests.push(input)
    const { Keys = [] } = input.RequestItems['table'] ?? {}
    const there = Keys.filter(({ event }) => event !== 'missing')
    return { Responses: { table: there.toReversed().map((key) => ({ ...key, of: key.event })) } }
  }
  const read = readTogether('table', { send } as unknown as DynamoDBDocumentClient)
  const keys = ['a', 'b', 'missing', 'a'].map((event) => ({ event, entry: 'subject' }))
  const items = await Promise.all(keys.map(read))
  expect(items.map((item) => item?.['of'])).toEqual(['a', 'b', undefined, 'a'])
  const Keys = keys.slice(0, 3)
  expect(requests).toEqual([{ RequestItems: { table: { Keys, ConsistentRead: true } } }])
})
