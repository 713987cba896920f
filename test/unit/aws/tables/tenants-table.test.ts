import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  type DynamoDBDocumentClient,
  GetCommand,
  type PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { expect, it } from '@jest/globals'
import { createTenantsTable } from '../../../../lib/aws/tables/tenants-table.ts'

it('keeps the parts of a version whose first answer was lost, so that its retry met itself', async () => {
  const items = new Map<string, Record<string, unknown>>()
  const expiring: string[] = []
  const client = {
    async send(command: GetCommand | PutCommand | UpdateCommand) {
      if (command instanceof GetCommand) return { Item: items.get(command.input.Key?.['item']) }
      if (command instanceof UpdateCommand) return expiring.push(command.input.Key?.['item'])
      const { Item = {} } = command.input
      items.set(Item['item'], Item)
      if (Item['item'] !== 'current') return {}
      throw new ConditionalCheckFailedException({ message: '', $metadata: {} })
    },
  }
  const table = createTenantsTable('table', client as unknown as DynamoDBDocumentClient)
  expect(await table.write('one', undefined)).toBe('1')
  expect(expiring).toEqual([])
  expect(await table.read()).toEqual({ version: '1', text: 'one' })
})

it.each([
  ['no version', { parts: [] }],
  ['no parts', { version: '7' }],
  ['parts of another kind', { version: '7', parts: 'part#0' }],
  ['a version that is no number', { version: 'latest', parts: ['part#0'] }],
])('replaces what is damaged: %s', async (_, damaged) => {
  const items = new Map<string, Record<string, unknown>>([['current', damaged]])
  const client = {
    async send(command: GetCommand | PutCommand | UpdateCommand) {
      if (command instanceof GetCommand) return { Item: items.get(command.input.Key?.['item']) }
      if (command instanceof UpdateCommand) return {}
      const { Item = {}, ExpressionAttributeValues } = command.input as PutCommand['input']
      const known = items.get('current')?.['version']
      if (Item['item'] === 'current' && known !== ExpressionAttributeValues?.[':before']) {
        throw new ConditionalCheckFailedException({ message: '', $metadata: {} })
      }
      items.set(Item['item'], Item)
      return {}
    },
  }
  const table = createTenantsTable('table', client as unknown as DynamoDBDocumentClient)
  for (const text of ['one', 'two']) {
    const answer = await table.read()
    const before = typeof answer === 'object' ? answer.version : undefined
    await table.write(text, before)
    expect(await table.read(before)).toMatchObject({ text })
  }
})

it('keeps when the tenants were changed, the latest first, of the last 50 times', async () => {
  const items = new Map<string, Record<string, unknown>>([['current', { changes: 'damaged' }]])
  const client = {
    async send(command: GetCommand | PutCommand | UpdateCommand) {
      if (command instanceof GetCommand) return { Item: items.get(command.input.Key?.['item']) }
      if (command instanceof UpdateCommand) return {}
      const { Item = {} } = (command as PutCommand).input
      items.set(Item['item'], Item)
      return {}
    },
  }
  const table = createTenantsTable('table', client as unknown as DynamoDBDocumentClient)
  expect(await table.history()).toEqual([])
  const none = { count: 0, names: [] }
  for (let version = 0; version < 51; version += 1) {
    const change = {
      at: `${version}`,
      added: { count: 1, names: ['acme'] },
      removed: none,
      changed: none,
    }
    await table.write('text', version === 0 ? undefined : `${version}`, change)
  }
  const history = await table.history()
  expect(history.map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, at) => `${50 - at}`))
  expect(history[0]?.added).toEqual({ count: 1, names: ['acme'] })
})
