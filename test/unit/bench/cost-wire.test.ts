import { expect, it } from '@jest/globals'
import { billed, type Exchange } from '../../../bench/cost/wire.ts'

const json = (target: string, request: object, answer: object = {}, status = 200): Exchange => ({
  method: 'POST',
  path: '/',
  target,
  request: JSON.stringify(request),
  status,
  answer: JSON.stringify(answer),
})

const dynamoDb = (action: string, request: object, answer?: object, status?: number) =>
  json(`DynamoDB_20120810.${action}`, request, answer, status)

/** Of so many KB. */
const item = (kilobytes: number) => ({ a: { S: 'x'.repeat(kilobytes * 1024 - 1) } })

it('a write is billed for its table and for each index that it changes', () => {
  // The form of the API reference, ConsumedCapacity, with ReturnConsumedCapacity INDEXES.
  const ConsumedCapacity = {
    TableName: 'notifications',
    CapacityUnits: 3,
    Table: { CapacityUnits: 1 },
    GlobalSecondaryIndexes: { byDue: { CapacityUnits: 2 } },
  }
  const exchange = dynamoDb('UpdateItem', { TableName: 'notifications' }, { ConsumedCapacity })
  expect(billed(exchange)).toEqual([
    { action: 'UpdateItem', resource: 'notifications', unit: 'dynamodb-write', units: 1 },
    { action: 'UpdateItem', resource: 'notifications/byDue', unit: 'dynamodb-write', units: 2 },
  ])
})

it('a write whose condition does not hold is billed too', () => {
  const answer = { __type: 'ConditionalCheckFailedException' }
  expect(billed(dynamoDb('PutItem', { TableName: 'locks' }, answer, 400))).toEqual([
    { action: 'PutItem', resource: 'locks', unit: 'dynamodb-write', units: 1 },
  ])
})

it('a write without ConsumedCapacity is an error: it would count as free', () => {
  expect(() => billed(dynamoDb('PutItem', { TableName: 'locks' }))).toThrow('ConsumedCapacity')
})

// Developer guide: "items of 1.5 KB and 6.5 KB … calculates the size as 12 KB (4 KB + 8 KB)".
it('BatchGetItem rounds each item, and a missing one is the smallest read', () => {
  const RequestItems = { table: { Keys: [{}, {}, {}], ConsistentRead: true } }
  const Responses = { table: [item(1.5), item(6.5)] }
  expect(billed(dynamoDb('BatchGetItem', { RequestItems }, { Responses }))).toEqual([
    { action: 'BatchGetItem', resource: 'table', unit: 'dynamodb-read', units: 3 + 1 },
  ])
})

it('Query rounds the sum of its items, and half of it when eventually consistent', () => {
  const query = { TableName: 'table', IndexName: 'byType' }
  expect(billed(dynamoDb('Query', query, { Items: [item(1), item(1)] }))).toEqual([
    { action: 'Query', resource: 'table/byType', unit: 'dynamodb-read', units: 0.5 },
  ])
})

it('a batch of messages is one request for each 64 KB of it', () => {
  const QueueUrl = 'http://127.0.0.1:4566/000000000000/ecos-main-email'
  const Entries = [{ MessageBody: 'x'.repeat(60_000) }, { MessageBody: 'x'.repeat(60_000) }]
  expect(billed(json('AmazonSQS.SendMessageBatch', { QueueUrl, Entries }))).toEqual([
    { action: 'SendMessageBatch', resource: 'ecos-main-email', unit: 'sqs-request', units: 2 },
  ])
})

it('each entry of PutEvents is an event; other calls of EventBridge are free', () => {
  const entry = { EventBusName: 'ecos-main', DetailType: 'task.create', Detail: '{}' }
  const lines = billed(json('AWSEvents.PutEvents', { Entries: [entry, entry] }))
  expect(lines.map(({ action, unit, units }) => [action, unit, units])).toEqual([
    ['PutEvents task.create', 'eventbridge-event', 1],
    ['PutEvents task.create', 'eventbridge-event', 1],
  ])
  expect(billed(json('AWSEvents.ListRules', {}))).toEqual([])
})

it.each([
  ['PUT', '/payloads/events/1', 's3-write', 1],
  ['GET', '/payloads/events/1', 's3-read', 1],
  ['GET', '/payloads?list-type=2', 's3-write', 1],
  ['DELETE', '/payloads/events/1', 's3-read', 0],
])('S3 bills %s %s as %s', (method, path, unit, units) => {
  const exchange = { method, path, target: undefined, request: '', status: 200, answer: '' }
  expect(billed(exchange)).toEqual([{ action: method, resource: 'payloads', unit, units }])
})

it('a service without a rule is an error', () => {
  expect(() => billed(json('Kinesis_20131202.PutRecord', {}))).toThrow('Kinesis_20131202.PutRecord')
})
