import { expect, it } from '@jest/globals'
import { billOf, dollars } from '../../../bench/cost/bill.ts'
import { tableOf } from '../../../bench/cost/table.ts'

const use = { invocations: 2, tries: 20, gigabyteSeconds: 0.05, logBytes: 1024 }
const usage = {
  counts: [
    {
      caller: 'on-task-create',
      action: 'PutItem',
      resource: 'stack-1/byTenant',
      unit: 'dynamodb-write',
      units: 40,
      requests: 40,
    },
    {
      caller: 'bridge-drain',
      action: 'GetSecretValue',
      resource: 'ecos-main/amqp-url',
      unit: 'secrets-call',
      units: 1,
      requests: 1,
    },
  ],
  functions: new Map([
    ['on-task-create', use],
    ['send-email', use],
  ]),
  names: new Map([['stack-1', 'Notifications']]),
} as const

it("a function's requests are its hop's, under the names of the stack", () => {
  const bill = billOf(usage)
  expect(bill).toContainEqual({
    hop: 'handler',
    what: 'PutItem Notifications/byTenant',
    unit: 'dynamodb-write',
    units: 40,
  })
  expect(bill).toContainEqual({
    hop: 'secrets',
    what: 'GetSecretValue ecos-main/amqp-url',
    unit: 'secrets-call',
    units: 1,
  })
})

it('each invocation is a receive and a delete, and each message of a handler a send of the bus', () => {
  const sqs = billOf(usage).filter(({ unit }) => unit === 'sqs-request')
  expect(sqs.map(({ hop, what, units }) => [hop, what, units])).toEqual([
    ['polling', 'ReceiveMessage', 4],
    ['polling', 'DeleteMessageBatch', 4],
    ['bus', 'SendMessage', 20],
  ])
})

// DynamoDB pricing, on-demand in us-east-1: $0.625 for a million write request units.
it('units become dollars by the list prices', () => {
  expect(dollars({ unit: 'dynamodb-write', units: 1_000_000 })).toBeCloseTo(0.625, 9)
  expect(dollars({ unit: 'eventbridge-event', units: 1_000_000 })).toBeCloseTo(1, 9)
  expect(dollars({ unit: 'logs-byte', units: 1024 ** 3 })).toBeCloseTo(0.5, 9)
})

it('the table leaves out what runs each minute, and says whose prices they are', () => {
  const table = tableOf(billOf(usage), 20)
  expect(table).toMatch(
    /^handler +PutItem Notifications\/byTenant \(dynamodb-write\) +2\.00 +1\.25$/m,
  )
  expect(table).not.toContain('GetSecretValue')
  expect(table).toMatch(/List prices of 2026-11-28, us-east-1/)
})
