import {
  BatchExecuteStatementCommand,
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { callsTogether } from '../../../../lib/aws/tables/together/together.ts'

type Item = Record<string, unknown>

const rejected = () =>
  Object.assign(new Error('rejected'), { name: 'ValidationException', $metadata: {} })

/** A table with the keys `id`, which answers as DynamoDB does. */
function tableOf({ items = [] as Item[], unprocessed = [] as string[] } = {}) {
  const stored = new Map(items.map((item) => [item['id'], item]))
  const calls: string[] = []
  let failure: Error | undefined
  /** DynamoDB rejects a call for one key that it does not take, and for a key that comes twice. */
  const check = (ids: readonly unknown[]) => {
    if (failure) throw failure
    // The document client throws before it sends anything.
    if (ids.includes('unencodable')) throw new Error('Unsupported type passed')
    if (ids.includes('bad') || new Set(ids).size < ids.length) throw rejected()
  }
  const answers = {
    get({ input }: GetCommand) {
      check([input.Key?.['id']])
      return { Item: stored.get(input.Key?.['id']) }
    },
    batchGet({ input }: BatchGetCommand) {
      const Keys = input.RequestItems?.['table']?.Keys ?? []
      check(Keys.map(({ id }) => id))
      const isLeft = ({ id }: Item) => Keys.length > 1 && unprocessed.includes(String(id))
      const left = Keys.filter(isLeft)
      const read = Keys.filter((key) => !isLeft(key)).flatMap(({ id }) => stored.get(id) ?? [])
      return {
        Responses: { table: read },
        UnprocessedKeys: left.length ? { table: { Keys: left } } : {},
      }
    },
    put({ input }: PutCommand) {
      check([input.Item?.['id']])
      stored.set(input.Item?.['id'], input.Item ?? {})
      return {}
    },
    batchWrite({ input }: BatchWriteCommand) {
      const puts = (input.RequestItems?.['table'] ?? []).map(
        ({ PutRequest }) => PutRequest?.Item ?? {},
      )
      check(puts.map(({ id }) => id))
      const left = puts.filter(({ id }) => unprocessed.includes(String(id)))
      for (const item of puts) if (!left.includes(item)) stored.set(item['id'], item)
      return {
        UnprocessedItems: left.length
          ? { table: left.map((Item) => ({ PutRequest: { Item } })) }
          : {},
      }
    },
  }
  const client = Object.assign(Object.create(DynamoDBDocumentClient.prototype), {
    async send(command: object) {
      calls.push(command.constructor.name)
      if (command instanceof GetCommand) return answers.get(command)
      if (command instanceof BatchGetCommand) return answers.batchGet(command)
      if (command instanceof PutCommand) return answers.put(command)
      if (command instanceof BatchWriteCommand) return answers.batchWrite(command)
      if (command instanceof BatchExecuteStatementCommand) {
        const { Statements = [] } = command.input
        return {
          Responses: Statements.map(({ Parameters = [] }) => ({ Item: { id: Parameters[0] } })),
        }
      }
      return {}
    },
  })
  return {
    client: callsTogether(client, ['table']),
    calls,
    stored,
    failWith(error: Error) {
      failure = error
    },
  }
}

const get = (id: string, ConsistentRead = true) =>
  new GetCommand({ TableName: 'table', Key: { id }, ConsistentRead })
const put = (id: string) => new PutCommand({ TableName: 'table', Item: { id } })
const ids = (count: number) => Array.from({ length: count }, (_, at) => `i${at}`)

describe('reads of the same moment', () => {
  it('are one call, and each gets its own item, or none', async () => {
    const { client, calls } = tableOf({
      items: [
        { id: 'a', of: 1 },
        { id: 'b', of: 2 },
      ],
    })
    const answers = await Promise.all(['b', 'c', 'a', 'b'].map((id) => client.send(get(id))))
    expect(answers.map(({ Item }) => Item?.['of'])).toEqual([2, undefined, 1, 2])
    expect(calls).toEqual(['BatchGetCommand'])
  })

  it('are sent as they are if one is alone', async () => {
    const { client, calls } = tableOf({ items: [{ id: 'a' }] })
    expect(await client.send(get('a'))).toEqual({ Item: { id: 'a' } })
    expect(calls).toEqual(['GetCommand'])
  })

  it('have as many keys in a call as DynamoDB takes, those of BatchGetItem too', async () => {
    const { client, calls } = tableOf({ items: ids(150).map((id) => ({ id })) })
    const many = new BatchGetCommand({
      RequestItems: { table: { Keys: ids(60).map((id) => ({ id })), ConsistentRead: true } },
    })
    const [{ Responses }, ...singles] = await Promise.all([
      client.send(many),
      ...ids(150).map((id) => client.send(get(id))),
    ])
    expect(Responses?.['table']).toHaveLength(60)
    expect(singles.map(({ Item }) => Item?.['id'])).toEqual(ids(150))
    expect(calls).toEqual(['BatchGetCommand', 'BatchGetCommand', 'BatchGetCommand'])
  })

  it('are apart where some are consistent and others are not', async () => {
    const { client, calls } = tableOf()
    const both = [true, false].flatMap((isConsistent) => [
      get('a', isConsistent),
      get('b', isConsistent),
    ])
    await Promise.all(both.map((one) => client.send(one)))
    expect(calls).toEqual(['BatchGetCommand', 'BatchGetCommand'])
  })

  it('of another table are sent as they are: the function may read single items there alone', async () => {
    const { client, calls } = tableOf()
    const elsewhere = () => new GetCommand({ TableName: 'other', Key: { id: 'a' } })
    await Promise.all([client.send(elsewhere()), client.send(elsewhere())])
    expect(calls).toEqual(['GetCommand', 'GetCommand'])
  })

  it('do not fail with one that DynamoDB rejects', async () => {
    const { client } = tableOf({ items: [{ id: 'a' }] })
    const [good, bad] = await Promise.allSettled([client.send(get('a')), client.send(get('bad'))])
    expect(good).toMatchObject({ status: 'fulfilled', value: { Item: { id: 'a' } } })
    expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'ValidationException' } })
  })

  it('ask alone for what DynamoDB leaves unprocessed', async () => {
    const { client, calls } = tableOf({ items: [{ id: 'a' }, { id: 'b' }], unprocessed: ['b'] })
    const answers = await Promise.all(['a', 'b'].map((id) => client.send(get(id))))
    expect(answers.map(({ Item }) => Item?.['id'])).toEqual(['a', 'b'])
    expect(calls).toEqual(['BatchGetCommand', 'GetCommand'])
  })

  it('whose keys come back otherwise than they were asked for are sent as they are', async () => {
    // UTF-8 has no half characters, and numbers are read as the client's settings say.
    const keys = ['\ud800', 7n, Buffer.from('b')]
    const { client, calls } = tableOf({ items: keys.map((id) => ({ id })) })
    const reads = ['a', ...keys, 'b'].map((id) =>
      client.send(new GetCommand({ TableName: 'table', Key: { id } })),
    )
    expect((await Promise.all(reads)).map(({ Item }) => Item?.['id'])).toEqual([
      ...[undefined, ...keys, undefined],
    ])
    expect(calls.toSorted()).toEqual(['BatchGetCommand', 'GetCommand', 'GetCommand', 'GetCommand'])
  })

  it('all fail with the service, which is not asked again for each', async () => {
    const { client, calls, failWith } = tableOf()
    failWith(Object.assign(new Error('down'), { name: 'TimeoutError' }))
    const outcomes = await Promise.allSettled([client.send(get('a')), client.send(get('b'))])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(calls).toEqual(['BatchGetCommand'])
  })
})

describe('writes of the same moment', () => {
  it('without a condition are one call for 25 items', async () => {
    const { client, calls, stored } = tableOf()
    await Promise.all(ids(30).map((id) => client.send(put(id))))
    expect([...stored.keys()]).toEqual(ids(30))
    expect(calls).toEqual(['BatchWriteCommand', 'BatchWriteCommand'])
  })

  it('do not fail with one that DynamoDB rejects, nor with the same item twice', async () => {
    const { client, stored } = tableOf()
    const sent = ['a', 'bad', 'b', 'b'].map((id) => client.send(put(id)))
    const outcomes = await Promise.allSettled(sent)
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    expect([...stored.keys()]).toEqual(['a', 'b'])
  })

  it('do not fail with one that can not be encoded', async () => {
    const { client, stored } = tableOf()
    const sent = ['a', 'unencodable', 'b'].map((id) => client.send(put(id)))
    const outcomes = await Promise.allSettled(sent)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect([...stored.keys()]).toEqual(['a', 'b'])
  })

  it('that are left unprocessed are written alone', async () => {
    const { client, stored } = tableOf({ unprocessed: ['b'] })
    await Promise.all(['a', 'b'].map((id) => client.send(put(id))))
    expect([...stored.keys()]).toEqual(['a', 'b'])
  })

  it('with a condition are sent as they are', async () => {
    const { client, calls } = tableOf()
    const Item = { id: 'a' }
    const conditional = () =>
      new PutCommand({ TableName: 'table', Item, ConditionExpression: 'attribute_not_exists(id)' })
    await Promise.all([client.send(conditional()), client.send(conditional())])
    const update = () => new UpdateCommand({ TableName: 'table', Key: { id: 'a' } })
    await Promise.all([client.send(update()), client.send(update())])
    expect(calls).toEqual(['PutCommand', 'PutCommand', 'UpdateCommand', 'UpdateCommand'])
  })
})

it('statements of the same moment are one call, and each caller gets its own answers', async () => {
  const { client, calls } = tableOf()
  const insert = (...of: string[]) =>
    new BatchExecuteStatementCommand({
      Statements: of.map((id) => ({ Statement: 'INSERT …', Parameters: [id] })),
    })
  const answers = await Promise.all([
    client.send(insert('a', 'b')),
    client.send(insert('c')),
    client.send(insert(...ids(23))),
  ])
  expect(answers.map(({ Responses = [] }) => Responses.map(({ Item }) => Item?.['id']))).toEqual([
    ['a', 'b'],
    ['c'],
    ids(23),
  ])
  expect(calls).toEqual(['BatchExecuteStatementCommand', 'BatchExecuteStatementCommand'])
})

it('is still a client that pages queries', async () => {
  const { client, calls } = tableOf()
  const pages = paginateQuery({ client }, { TableName: 'table' })
  for await (const page of pages) expect(page).toEqual({})
  expect(calls).toEqual([QueryCommand.name])
})
