import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { closeBypass, openBypass } from '../../../lib/amqp/bypass.ts'
import { type ChannelPool, createChannelPool } from '../../../lib/amqp/channel-pool.ts'
import { open } from '../../../lib/amqp/connection.ts'
import { declareTopology } from '../../../lib/amqp/declare.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import { type AmqpServer, startAmqpServer } from '../../support/amqp-server/server.ts'

let server: AmqpServer
let onChannel: ChannelPool
beforeEach(async () => {
  server = await startAmqpServer()
  onChannel = createChannelPool(await open(server.url))
})
afterEach(() => server.close())

const tenant = (id: string, pool?: string) =>
  topologyOf({
    ...{ id, locale: 'ru', cell: 'main', events: ['task.create'] },
    ...(pool && { pool }),
  })
const flood = tenant('flood', 'p03')
const calm = tenant('calm', 'p03')
const pool = 'cell.main.p03.eventbridge'
const bypass = calm.bypass?.queue as string

const wayOf = ({ exchange }: typeof flood) => server.model.route(exchange, 'task.create')

/** Two tenants of a pool. Notes each step from now on after which an event has no way into a queue, or several. */
async function begin() {
  const wrong: unknown[] = []
  for (const topology of [flood, calm]) {
    await onChannel((channel) => declareTopology(channel, topology))
  }
  server.after = (call) => {
    const ways = [wayOf(flood), wayOf(calm)]
    if (ways.some(({ length }) => length !== 1)) wrong.push({ call, ways })
  }
  return wrong
}

it('a tenant that floods its pool keeps the queue, and the others go past it', async () => {
  const wrong = await begin()
  expect([wayOf(flood), wayOf(calm)]).toEqual([[pool], [pool]])
  for (let times = 0; times < 2; times += 1) {
    await openBypass(onChannel, flood)
    expect([wayOf(flood), wayOf(calm)]).toEqual([[pool], [bypass]])
  }
  for (let times = 0; times < 2; times += 1) {
    await closeBypass(onChannel, [flood, calm])
    expect([wayOf(flood), wayOf(calm)]).toEqual([[pool], [pool]])
  }
  expect(wrong).toEqual([])
})

it('the way to the bypass closes last, so that one who is interrupted is told by its messages', async () => {
  await begin()
  await openBypass(onChannel, flood)
  server.calls.length = 0
  await closeBypass(onChannel, [flood, calm])
  const unbound = server.calls.filter(({ method }) => method === 'QueueUnbind')
  expect(
    unbound
      .map(({ fields }) => fields['exchange'])
      .slice(0, 2)
      .toSorted(),
  ).toEqual([calm.entrance, flood.entrance])
  expect(unbound.slice(2)).toMatchObject([{ fields: { queue: bypass, exchange: bypass } }])
})

it('a tenant alone in its queue has nothing that goes past it', async () => {
  const own = tenant('own')
  await openBypass(onChannel, own)
  expect(server.model.exchanges.size).toBe(0)
  await onChannel((channel) => declareTopology(channel, own))
  await closeBypass(onChannel, [own])
  expect(server.model.bindings.some(({ source }) => source === own.exchange)).toBe(true)
})

it('a tenant that was led elsewhere is not led back', async () => {
  await begin()
  const elsewhere = tenant('flood')
  server.model.deleteExchange(flood.entrance)
  await onChannel((channel) => declareTopology(channel, elsewhere))
  await expect(openBypass(onChannel, flood)).rejects.toMatchObject({
    code: 'queue-differs',
    message: expect.stringContaining('bridge change-over'),
  })
  expect([wayOf(flood), wayOf(calm)]).toEqual([[elsewhere.queue], [pool]])
})

it('a tenant that is led elsewhere meanwhile is not led back', async () => {
  await begin()
  server.after = ({ method, fields }) => {
    if (method !== 'QueueBind' || fields['exchange'] !== flood.entrance) return
    // Somebody changes the tenant over, between the binding and the look that follows it.
    const known = server.model.bindings.filter(({ source }) => source === flood.entrance)
    server.model.deleteExchange(flood.entrance)
    server.model.declareExchange(flood.entrance, { type: 'fanout', durable: true })
    for (const binding of known) server.model.bind(binding)
  }
  await expect(openBypass(onChannel, flood)).rejects.toMatchObject({ code: 'queue-differs' })
  expect(server.model.bindings.filter(({ source }) => source === flood.entrance)).toEqual([])
})
