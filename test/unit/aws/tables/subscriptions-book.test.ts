import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { createSubscriptionBook } from '../../../../lib/aws/tables/subscriptions-book.ts'

const address = 'ivanov@acme.example'

type Item = {
  readonly subscriber: string
  readonly eventType: string
  readonly [name: string]: unknown
}

/** A table of the tenant acme: a subscription of ivanov, and a rule with that address. */
function tableWith(rule: string, more: readonly Item[] = []) {
  const items: Item[] = [
    ...more,
    {
      subscriber: 'acme#ivanov',
      eventType: 'record.update',
      actions: [{ channel: 'email', address }],
    },
    {
      subscriber: 'acme',
      eventType: 'task.assign',
      actions: [{ channel: 'email', address: rule }],
    },
  ]
  const puts: object[] = []
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }))
  client.send = async (command: unknown) => {
    if (command instanceof QueryCommand) {
      const [subscriber] = Object.values(command.input.ExpressionAttributeValues ?? {})
      return { Items: items.filter((item) => item.subscriber === subscriber) }
    }
    if (command instanceof GetCommand) {
      const { subscriber, eventType } = command.input.Key ?? {}
      const isItem = (one: (typeof items)[number]) =>
        one.subscriber === subscriber && one.eventType === eventType
      return { Item: items.find(isItem) }
    }
    if (command instanceof PutCommand) puts.push(command.input.Item ?? {})
    return {}
  }
  return { book: createSubscriptionBook('table', client), puts }
}

it.each([
  ['a rule makes for its person, too', '{{ username }}@acme.example', ['record.update', 'person']],
  ['a rule names for everybody', address, ['record.update', 'task.assign']],
  ['no rule makes', '{{ username }}@other.example', ['record.update']],
  ['a rule can not make, since it is not known', '{{ email }}', ['record.update']],
])('an address of a subscription is switched off where %s', async (_, rule, switchedOff) => {
  const { book, puts } = tableWith(rule)
  await book.switchOff({ tenant: 'acme', username: 'ivanov', channel: 'email', address }, 'gone')
  expect(puts.map((item) => Reflect.get(item, 'eventType'))).toEqual(switchedOff)
  expect(JSON.stringify(puts).split('"reason":"gone"')).toHaveLength(switchedOff.length + 1)
})

describe('an address that comes back after its person was removed', () => {
  const removed = { subscriber: 'acme#petrov', eventType: 'links', revokedAt: 1_767_225_600 }
  const place = { tenant: 'acme', username: 'petrov', channel: 'email' } as const
  const gone = { ...place, address: 'petrov@acme.example' }
  const { book, puts } = tableWith('{{ username }}@acme.example', [removed])

  it('brings nothing of them back, if its mail was sent before', async () => {
    await book.switchOff({ ...gone, madeAt: '2025-12-31T23:59:59Z' }, 'bounce')
    expect(puts).toEqual([])
  })

  it('is switched off, if its mail was sent later: the name is in use again', async () => {
    await book.switchOff({ ...gone, madeAt: '2026-01-01T00:00:01Z' }, 'bounce')
    await book.switchOff(gone, 'bounce')
    expect(puts).toHaveLength(2)
  })
})
