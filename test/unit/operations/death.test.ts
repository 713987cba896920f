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
    origin: { exchange: 'tenant.acme.events', routingKey: 'task.create' },
  })
})

test('after several deaths the reason is the latest, and the origin the first', () => {
  const later = entry({ reason: 'rejected', exchange: '', 'routing-keys': ['queue'] })
  expect(deathOf({ 'x-death': [later, entry({})] })).toMatchObject({
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
