import { expect, test } from '@jest/globals'
import { deathOf } from '../../../lib/operations/death.ts'

/** As RabbitMQ 3.10.8 writes an entry, and amqplib reads it. */
const entry = (more: object) => ({
  count: 1,
  reason: 'expired',
  queue: 'tenant.acme.eventbridge',
  time: { '!': 'timestamp', value: 1764028800 },
  exchange: 'tenant.acme.events',
  'routing-keys': ['task.create'],
  ...more,
})

test.each(['expired', 'rejected', 'maxlen', 'delivery_limit'])('tells the reason %s', (reason) => {
  expect(deathOf({ 'x-death': [entry({ reason })] })).toEqual({
    reason,
    at: new Date('2025-11-25T00:00:00Z'),
    queue: 'tenant.acme.eventbridge',
    count: 1,
    origin: { exchange: 'tenant.acme.events', routingKey: 'task.create' },
  })
})

test('the latest of several deaths counts: a publisher may have written the others', () => {
  const latest = entry({ reason: 'rejected' })
  const forged = entry({ exchange: 'tenant.other.events', 'routing-keys': ['record.create'] })
  expect(deathOf({ 'x-death': [latest, forged] })).toMatchObject({
    reason: 'rejected',
    origin: { exchange: 'tenant.acme.events', routingKey: 'task.create' },
  })
})

test.each([[undefined], [{}], [{ 'x-death': [] }], [{ 'x-death': 'none' }]])(
  'headers %j tell nothing',
  (headers) => {
    expect(deathOf(headers)).toBeUndefined()
  },
)

test.each([['text'], [7], [null], [{}], [{ queue: 'mine' }]])(
  'an older entry %j, which its publisher wrote, hides nothing',
  (older) => {
    expect(deathOf({ 'x-death': [entry({}), older] })?.reason).toBe('expired')
  },
)

test.each([undefined, 'many', { '!': 'int64', value: '9007199254740993' }])(
  'a count %j is more than one death',
  (count) => {
    const death = deathOf({ 'x-death': [entry({ count })] })
    expect([death?.reason, (death?.count ?? 0) > 1]).toEqual(['expired', true])
  },
)

test.each([
  undefined,
  'today',
  1764028800,
  { '!': 'timestamp', value: 2 ** 63 },
  { value: -1e300 },
  { value: -1 },
])('a time %j is none, and hides nothing else', (time) => {
  const death = deathOf({ 'x-death': [entry({ time })] })
  expect([death?.reason, death?.at.getTime()]).toEqual(['expired', 0])
})

test.each([
  ['no routing keys', { 'routing-keys': undefined }],
  ['an empty list of routing keys', { 'routing-keys': [] }],
  ['a routing key that is no text', { 'routing-keys': [7] }],
  ['no exchange', { exchange: undefined }],
  ['an exchange that is no text', { exchange: 7 }],
])('an entry with %s tells the rest, and no origin', (_, more) => {
  expect(deathOf({ 'x-death': [entry(more)] })).toEqual({
    reason: 'expired',
    at: new Date('2025-11-25T00:00:00Z'),
    queue: 'tenant.acme.eventbridge',
    count: 1,
  })
})

test.each(['queue', 'reason'])('an entry whose %s is no text tells the rest', (field) => {
  const death = deathOf({ 'x-death': [entry({ [field]: 7 })] })
  const { [field]: _, ...rest } = { ...deathOf({ 'x-death': [entry({})] }) } as Record<
    string,
    unknown
  >
  expect(death).toEqual(rest)
})

test('of several routing keys the first is that of the publisher, whatever the others are', () => {
  const death = deathOf({ 'x-death': [entry({ 'routing-keys': ['task.create', 7] })] })
  expect(death?.origin?.routingKey).toBe('task.create')
})
