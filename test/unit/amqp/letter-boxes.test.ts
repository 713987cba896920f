import { EventEmitter } from 'node:events'
import { expect, it } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { brokerLetters } from '../../../lib/amqp/letter-boxes.ts'
import { type BridgeQueue, bridgeQueues } from '../../../lib/bridge/bridge-queue.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import { placeInPools, type QueueLayout } from '../../../lib/tenants/pools.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const tenants = parseTenants('tenants: { acme: {} }', 'tenants.yml')

function queueOf(layout: QueueLayout): BridgeQueue {
  const placed = placeInPools(tenants, { QUEUES: layout, PARTITIONS: 1 })
  return bridgeQueues(placed.map(topologyOf))[0] as BridgeQueue
}

/** The letter of a message with this entry in `x-death`, in the queue of a layout. */
async function letterOf(layout: QueueLayout, death: (queue: string) => object, version = '3.10.8') {
  const queue = queueOf(layout)
  const message = {
    content: Buffer.from('{"data":{"type":"task.create"}}'),
    properties: { headers: { 'x-death': [death(queue.name)] } },
    fields: { exchange: '', routingKey: queue.deadLetterQueue },
  }
  const channel = Object.assign(new EventEmitter(), {
    checkQueue: async () => ({ messageCount: 1 }),
    get: async () => message,
    close: async () => undefined,
  })
  const open = async () => channel
  const connection = {
    createChannel: open,
    createConfirmChannel: open,
    connection: { serverProperties: { version } },
  } as unknown as ChannelModel
  const box = await brokerLetters(connection).box(queue)
  for await (const letter of box?.take(1) ?? []) return letter
  return undefined
}

const entry = { count: 1, reason: 'delivery_limit', exchange: 'tenant.acme.events' }

it.each<[string, object]>([
  ['routing keys', { 'routing-keys': undefined }],
  ['an exchange', { exchange: undefined }],
])('a letter whose death does not name %s has its reason, and its time', async (_, without) => {
  for (const layout of ['own', 'pooled'] as const) {
    const time = { '!': 'timestamp', value: 1764028800 }
    const whole = { ...entry, 'routing-keys': ['task.create'], time }
    const letter = await letterOf(layout, (queue) => ({ ...whole, queue, ...without }))
    expect(letter).toMatchObject({
      reason: 'delivery_limit',
      sentAt: new Date('2025-11-25T00:00:00Z'),
      type: 'task.create',
      // In a pool nobody else tells whose it is.
      tenant: layout === 'own' ? 'acme' : '-',
    })
  }
})

it.each<[string, object]>([
  ['goes further back than this death', { count: 2 }],
  ['is of another queue', { queue: 'cell.main.p07.eventbridge' }],
])('a letter in a pool is not whose its publisher wrote: its entry %s', async (_, written) => {
  const whole = { ...entry, 'routing-keys': ['task.create'] }
  const letter = await letterOf('pooled', (queue) => ({ ...whole, queue, ...written }))
  expect(letter).toMatchObject({ tenant: '-' })
})

it.each<[string, string, string, string]>([
  ['a publisher can bring about', 'expired', '3.13.7', '-'],
  ['a publisher can bring about by its size', 'rejected', '3.10.8', '-'],
  ['a publisher can bring about, where it has no say', 'expired', '4.0.5', 'acme'],
])('of a letter in a pool that died as %s', async (_, reason, version, tenant) => {
  const whole = { ...entry, reason, 'routing-keys': ['task.create'] }
  const letter = await letterOf('pooled', (queue) => ({ ...whole, queue }), version)
  expect(letter).toMatchObject({ reason, tenant })
  const isRefused = tenant === '-'
  if (isRefused) {
    await expect(letter?.sendBack()).rejects.toMatchObject({
      code: 'unknown-tenant',
      message: expect.stringContaining('RabbitMQ 3'),
    })
  }
  // Its own queue has one publisher.
  const own = await letterOf('own', (queue) => ({ ...whole, queue }), version)
  expect(own).toMatchObject({ reason, tenant: 'acme' })
})

it('a letter whose death is whole has its tenant, also in a pool', async () => {
  const whole = { ...entry, 'routing-keys': ['task.create'] }
  const letter = await letterOf('pooled', (queue) => ({ ...whole, queue }))
  expect(letter).toMatchObject({ reason: 'delivery_limit', tenant: 'acme' })
})
