import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { changeOverBroker } from '../../lib/amqp/change-over.ts'
import { open } from '../../lib/amqp/connection.ts'
import { brokerLetters } from '../../lib/amqp/letter-boxes.ts'
import { bridgeQueues, noTenant } from '../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../lib/bridge/broker.ts'
import { changeOver } from '../../lib/bridge/change-over.ts'
import { drain } from '../../lib/bridge/drain/drain.ts'
import type { Bus, BusEntry } from '../../lib/bridge/publish/bus.ts'
import { probe } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine, type QuarantineRecord } from '../../lib/bridge/quarantine.ts'
import {
  deliveryLimit,
  ownTopologyOf,
  queuesIn,
  type Topology,
  topologyOf,
} from '../../lib/bridge/topology.ts'
import { fixedTenants } from '../../lib/bridge/worker/follow-tenants.ts'
import { createStatus } from '../../lib/bridge/worker/status.ts'
import { runWorker } from '../../lib/bridge/worker/worker.ts'
import type { Log } from '../../lib/log.ts'
import { returnable } from '../../lib/operations/quarantined.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { publish } from '../../local/demo/publish.ts'
import { listeningLog } from '../support/listening-log.ts'
import { memoryPayloads, silentLog } from '../support/memory.ts'
import {
  countMessages,
  eventually,
  newTenant,
  onChannel,
  rawMessage,
  runningStack,
  setAside,
  taskMessage,
} from '../support/stack.ts'

jest.setTimeout(300_000)

const { amqpUrl } = runningStack()
let connection: ChannelModel
beforeAll(async () => {
  connection = await open(amqpUrl)
})
afterAll(() => connection.close())

/** A pool of this test alone: its cell has a name of its own. */
function newPool(count: number): Tenant[] {
  const cell = newTenant()
  return Array.from({ length: count }, () => ({
    ...{ id: newTenant(), events: ['task.create' as const], locale: 'ru', cell, pool: 'p00' },
  }))
}
const unpooled = ({ pool: _, ...tenant }: Tenant): Tenant => tenant

/**
 * A bus and a quarantine that take everything, and the drains and workers before them.
 *
 * @param mayPut resolves when the bus may answer
 */
function setUp(mayPut: Promise<void> = Promise.resolve()) {
  const bridged: BusEntry[] = []
  const quarantined: QuarantineRecord[] = []
  const bus: Bus = {
    async put(entries) {
      if (entries[0] !== probe) {
        bridged.push(...entries)
        await mayPut
      }
      return entries.map(() => ({ status: 'accepted' }))
    },
    async check() {},
  }
  const payloads = memoryPayloads()
  const quarantine = createQuarantine(async (record) => void quarantined.push(record), payloads)
  return {
    bridged,
    quarantined,
    async run(tenants: readonly Tenant[], moved: readonly Tenant[] = []) {
      const broker = await connectBroker(amqpUrl)
      const publisher = createPublisher(bus)
      const context = { publisher, quarantine, payloads, log: silentLog }
      try {
        const deadline = AbortSignal.timeout(120_000)
        return await drain({ tenants, moved, broker, bus, context, deadline })
      } finally {
        await broker.close()
      }
    },
    startWorker(
      tenants: readonly Tenant[],
      limits: { prefetch?: number; mostCalls?: number; log?: Log } = {},
      connect = () => connectBroker(amqpUrl),
    ) {
      const stop = new AbortController()
      const options = {
        tenants: fixedTenants(tenants),
        connect,
        bus,
        quarantine,
        payloads,
        log: silentLog,
        ...limits,
      }
      const done = runWorker({ ...options, stop: stop.signal }, createStatus())
      return async () => {
        stop.abort()
        await done
      }
    },
  }
}

const sourcesOf = (entries: readonly BusEntry[]) =>
  entries.map(({ source, detail }) => `${source} ${JSON.parse(String(detail)).id}`).toSorted()
const expectedOf = (messages: readonly { exchange: string; body: string }[]) =>
  messages
    .map(({ exchange, body }) => {
      const tenant = exchange.slice('tenant.'.length, -'.events'.length)
      return `ecos.${tenant} ${JSON.parse(body).data.id}`
    })
    .toSorted()

const poolOf = ([tenant]: readonly Tenant[]) => topologyOf(tenant as Tenant)

describe('a pool', () => {
  it('gives each tenant its own events, whatever header, body or routing key name', async () => {
    const { run, bridged } = setUp()
    const tenants = newPool(2)
    const [a, b] = tenants as [Tenant, Tenant]
    await run(tenants)
    const messages = [a, b].flatMap(({ id }) => Array.from({ length: 20 }, () => taskMessage(id)))
    await publish(amqpUrl, messages)
    const forged = taskMessage(a.id)
    const body = JSON.parse(forged.body)
    Object.assign(body, { tenantid: b.id, tenant: b.id, source: `/ecos/tenants/${b.id}` })
    Object.assign(body.data, { tenant: b.id, tenantid: b.id })
    await onChannel(amqpUrl, async (channel) => {
      channel.publish(forged.exchange, 'task.create', Buffer.from(JSON.stringify(body)), {
        headers: {
          'x-ecos-exchange': `tenant.${b.id}.events`,
          'x-ecos-routing-key': 'task.create',
          'x-death': [{ queue: poolOf(tenants).queue, exchange: `tenant.${b.id}.events` }],
          tenant: b.id,
        },
      })
      await channel.checkExchange(forged.exchange)
    })
    await eventually(
      () => countMessages(amqpUrl, poolOf(tenants).queue),
      (count) => count === 41,
    )
    expect(await run(tenants)).toMatchObject({ bridged: 41, quarantined: 0 })
    expect(sourcesOf(bridged)).toEqual(expectedOf([...messages, forged]))
  })

  it('gives a tenant that is to move to another cell its events until it is changed over', async () => {
    const { run, bridged } = setUp()
    const tenants = newPool(2)
    const [a, b] = tenants as [Tenant, Tenant]
    await run(tenants)
    const messages = [a, b].map(({ id }) => taskMessage(id))
    await publish(amqpUrl, messages)
    await eventually(
      () => countMessages(amqpUrl, poolOf(tenants).queue),
      (count) => count === messages.length,
    )
    expect(await run([b], [a])).toMatchObject({ bridged: 2, quarantined: 0 })
    expect(sourcesOf(bridged)).toEqual(expectedOf(messages))
  })

  it('quarantines what is unreadable under its tenant, and a redrive brings it to the bridge alone, as that tenant', async () => {
    const { run, bridged, quarantined } = setUp()
    const tenants = newPool(2)
    const [a] = tenants as [Tenant]
    await run(tenants)
    const beside = `${a.id}.beside`
    await onChannel(amqpUrl, async (channel) => {
      await channel.assertQueue(beside, { durable: true })
      await channel.bindQueue(beside, `tenant.${a.id}.events`, '#')
    })
    await publish(amqpUrl, [rawMessage(a.id, 'task.create', 'not json')])
    await run(tenants)
    expect(quarantined).toMatchObject([{ tenant: a.id, reason: 'not-json' }])
    const { sendTo } = brokerLetters(connection)
    for (let times = 1; times <= 3; times += 1) {
      const record = JSON.stringify(quarantined.at(-1))
      await sendTo(await returnable(record, async () => new Uint8Array()))
      await run(tenants)
      expect(quarantined).toHaveLength(times + 1)
    }
    const [first, ...others] = quarantined.map(({ quarantinedAt: _, ...record }) => record)
    for (const other of others) expect(other).toEqual({ ...first, properties: other.properties })
    expect(bridged).toEqual([])
    expect(await countMessages(amqpUrl, beside)).toBe(1)
    await onChannel(amqpUrl, (channel) => channel.deleteQueue(beside))
  })

  it('quarantines a message whose exchange is no tenant\u2019s', async () => {
    const { run, bridged, quarantined } = setUp()
    const tenants = newPool(1)
    const { queue } = poolOf(tenants)
    await run(tenants)
    const { body } = taskMessage(tenants[0]?.id ?? '')
    await onChannel(amqpUrl, async (channel) => {
      channel.sendToQueue(queue, Buffer.from(body))
      await channel.checkQueue(queue)
    })
    await eventually(
      () => countMessages(amqpUrl, queue),
      (count) => count === 1,
    )
    expect(await run(tenants)).toMatchObject({ quarantined: 1 })
    expect(quarantined).toMatchObject([{ tenant: noTenant, queue, reason: 'unknown-tenant' }])
    expect(bridged).toEqual([])
    await expect(
      returnable(JSON.stringify(quarantined[0]), async () => new Uint8Array()),
    ).rejects.toMatchObject({ code: 'unknown-tenant' })
  })

  it('knows whose a dead letter is, and a redrive brings it back as that tenant\u2019s', async () => {
    const { run, bridged } = setUp()
    const tenants = newPool(2)
    const [, b] = tenants as [Tenant, Tenant]
    await run(tenants)
    const { queue } = poolOf(tenants)
    const message = taskMessage(b.id)
    await publish(amqpUrl, [message])
    await setAside(amqpUrl, queue, deliveryLimit)
    const box = await deadLettersOf(tenants, 1)
    for await (const letter of box?.take(1) ?? []) {
      const reason = 'delivery_limit'
      expect(letter).toMatchObject({ tenant: b.id, type: 'task.create', reason })
      await letter.sendBack()
      await letter.remove()
    }
    await eventually(
      () => countMessages(amqpUrl, queue),
      (count) => count === 1,
    )
    await run(tenants)
    expect(sourcesOf(bridged)).toEqual(expectedOf([message]))
  })

  it.each<[string, object]>([
    ['no count', {}],
    ['a count of 0', { count: 0 }],
    ['a count', { count: 1 }],
  ])('does not take a dead letter for whose its publisher wrote, with %s', async (_, count) => {
    const tenants = newPool(2)
    const [a, b] = tenants as [Tenant, Tenant]
    await setUp().run(tenants)
    const { queue } = poolOf(tenants)
    const written = { exchange: `tenant.${b.id}.events`, 'routing-keys': ['task.create'] }
    await onChannel(amqpUrl, async (channel) => {
      const { exchange, body } = taskMessage(a.id)
      channel.publish(exchange, 'task.create', Buffer.from(body), {
        expiration: '1',
        headers: { 'x-death': [{ queue, reason: 'expired', ...written, ...count }] },
      })
      await channel.checkExchange(exchange)
    })
    const box = await deadLettersOf(tenants, 1)
    // RabbitMQ takes no entry of a publisher since 4.0, and can't be believed before.
    const isTold = Number.parseInt(connection.connection.serverProperties.version, 10) >= 4
    for await (const letter of box?.take(1) ?? []) {
      expect(letter).toMatchObject({ reason: 'expired', tenant: isTold ? a.id : noTenant })
      if (!isTold) {
        await expect(letter.sendBack()).rejects.toMatchObject({ code: 'unknown-tenant' })
      }
      await letter.remove()
    }
    expect.assertions(isTold ? 1 : 2)
  })
})

/** The dead letters of the tenants' pool, once there are so many. */
async function deadLettersOf(tenants: readonly Tenant[], count: number) {
  const [pool] = bridgeQueues(tenants.map(topologyOf))
  if (pool === undefined) throw new Error('no pool')
  const box = await brokerLetters(connection).box(pool)
  await eventually(
    async () => box?.depth(),
    (depth) => depth === count,
  )
  return box
}

describe('a flood of one tenant in a pool', () => {
  it('takes no more than the share of its pool, and its neighbours are published in their turn', async () => {
    const { promise: mayPut, resolve: openBus } = Promise.withResolvers<void>()
    const { run, bridged, startWorker } = setUp(mayPut)
    const [flooding, neighbour, other] = newPool(3) as [Tenant, Tenant, Tenant]
    const elsewhere = { ...other, cell: flooding.cell, pool: 'p01' }
    const tenants = [flooding, neighbour, elsewhere]
    const [pool, otherPool] = [flooding, elsewhere].map((tenant) => topologyOf(tenant).queue)
    await run(tenants)
    const flood = (count: number) => Array.from({ length: count }, () => taskMessage(flooding.id))
    const messages = [...flood(60), taskMessage(neighbour.id), ...flood(400)]
    await publish(amqpUrl, messages)
    const stop = startWorker(tenants, { prefetch: 120, mostCalls: 2 })
    const waiting = (queue = '') => countMessages(amqpUrl, queue)
    // Half of an even share, 15 of the 120, is kept for each bypass and for the other pool.
    await eventually(
      () => waiting(pool),
      (count) => count === messages.length - 75,
    )
    const late = taskMessage(elsewhere.id)
    await publish(amqpUrl, [late])
    await eventually(
      () => waiting(otherPool),
      (count) => count === 0,
    )
    expect(await waiting(pool)).toBe(messages.length - 75)
    // Two calls of at most ten wait for the bus; all that they hold is the flood's.
    expect(new Set(bridged.map(({ source }) => source))).toEqual(new Set([`ecos.${flooding.id}`]))
    expect(bridged.length).toBeLessThanOrEqual(20)
    openBus()
    await eventually(
      async () => bridged.length,
      (count) => count === messages.length + 1,
    )
    await stop()
    // 60 messages of the flood came before the neighbour's; 10 of each turn are sent before it.
    const placeOf = ({ id }: Tenant) => bridged.findIndex(({ source }) => source === `ecos.${id}`)
    expect(placeOf(neighbour)).toBeLessThan(40)
    expect(placeOf(elsewhere)).toBeLessThan(40)
    expect(sourcesOf(bridged)).toEqual(expectedOf([...messages, late]))
  })
})

/** Connects, and tells of each message that comes. */
async function connectTelling(onDelivered: (tenant: string) => void): Promise<Broker> {
  const broker = await connectBroker(amqpUrl)
  return {
    ...broker,
    consume: (queue, prefetch, { onMessage, onGone }) =>
      broker.consume(queue, prefetch, {
        onGone,
        onMessage(message) {
          onDelivered(message.tenant)
          onMessage(message)
        },
      }),
  }
}

describe('the bypass of a pool', () => {
  const waitingIn = (queue = '') => countMessages(amqpUrl, queue)
  const flood = (tenant: Tenant, count: number) =>
    Array.from({ length: count }, () => taskMessage(tenant.id))

  it('takes what neighbours send while the flood of one waits', async () => {
    const { promise: mayPut, resolve: openBus } = Promise.withResolvers<void>()
    const { run, bridged, startWorker } = setUp(mayPut)
    const tenants = newPool(3)
    const [flooding, neighbour] = tenants as [Tenant, Tenant, Tenant]
    await run(tenants)
    const messages = flood(flooding, 3_000)
    await publish(amqpUrl, messages)
    const { log, lines } = listeningLog()
    const delivered = new Set<string>()
    const stop = startWorker(tenants, { prefetch: 240, mostCalls: 2, log }, () =>
      connectTelling((tenant) => delivered.add(tenant)),
    )
    await eventually(
      async () => lines.some(({ message }) => message.startsWith('A tenant floods its pool')),
      Boolean,
    )
    // The flood goes on, and its neighbour speaks.
    const more = flood(flooding, 10)
    const event = taskMessage(neighbour.id)
    await publish(amqpUrl, [...more, event])
    await eventually(async () => delivered.has(neighbour.id), Boolean)
    openBus()
    const all = [...messages, ...more, event]
    await eventually(
      async () => bridged.length,
      (count) => count === all.length,
    )
    await stop()
    // What the worker had taken of the flood, and its turns.
    const place = bridged.findIndex(({ source }) => source === `ecos.${neighbour.id}`)
    expect(place).toBeLessThan(500)
    expect(sourcesOf(bridged)).toEqual(expectedOf(all))
  })

  it('is closed by a drain that finds no backlog, whoever has opened it', async () => {
    const { run, bridged } = setUp()
    const tenants = newPool(3)
    const { queue, bypass } = poolOf(tenants)
    await run(tenants)
    const other = await connectBroker(amqpUrl)
    await other.openBypass(poolOf(tenants))
    await other.close()
    const waiting = () => Promise.all([queue, bypass?.queue].map(waitingIn))
    const event = () => tenants.map(({ id }) => taskMessage(id))
    const [first, second] = [event(), event()]
    await publish(amqpUrl, first)
    await eventually(waiting, ([pool, past]) => pool === 1 && past === 2)
    await run(tenants)
    await publish(amqpUrl, second)
    await eventually(waiting, ([pool, past]) => pool === 3 && past === 0)
    await run(tenants)
    expect(sourcesOf(bridged)).toEqual(expectedOf([...first, ...second]))
  })

  it('opens and closes while events flow, by several bridges at once: each event goes one way', async () => {
    const { run, bridged } = setUp()
    const tenants = newPool(3)
    await run(tenants)
    const topologies = tenants.map(topologyOf)
    const published: ReturnType<typeof taskMessage>[] = []
    const over = new AbortController()
    const publishing = (async () => {
      while (!over.signal.aborted) {
        const messages = tenants.flatMap((tenant) => flood(tenant, 5))
        published.push(...messages)
        await publish(amqpUrl, messages)
      }
    })()
    const bridges = await Promise.all([connectBroker(amqpUrl), connectBroker(amqpUrl)])
    const [one, other] = bridges as [Broker, Broker]
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(topologies.map((topology) => one.openBypass(topology)))
      await Promise.all([other.openBypass(poolOf(tenants)), one.closeBypass(topologies)])
      const dying = await connectBroker(amqpUrl)
      const calls = [dying.openBypass(poolOf(tenants)), dying.closeBypass(topologies)]
      await dying.close()
      await Promise.allSettled(calls)
    }
    over.abort()
    await publishing
    await Promise.all(bridges.map((bridge) => bridge.close()))
    await eventually(
      async () => {
        await run(tenants)
        return bridged.length
      },
      (count) => count >= published.length,
    )
    expect(sourcesOf(bridged)).toEqual(expectedOf(published))
  })

  it('is not opened for a tenant that was led to another queue', async () => {
    const { run } = setUp()
    const tenants = newPool(2)
    const [tenant] = tenants as [Tenant]
    await run(tenants)
    const { queue, bypass } = poolOf(tenants)
    const elsewhere = { ...tenant, pool: 'p01' }
    await changeOver(changeOverBroker(connection), {
      ...{ tenants: [elsewhere, ...tenants.slice(1)], partitions: 2, onProgress: () => undefined },
    })
    const broker = await connectBroker(amqpUrl)
    await expect(broker.openBypass(topologyOf(tenant))).rejects.toThrow('alternate-exchange')
    await broker.close()
    await publish(amqpUrl, [taskMessage(tenant.id)])
    await eventually(
      () => waitingIn(topologyOf(elsewhere).queue),
      (count) => count === 1,
    )
    expect(await Promise.all([queue, bypass?.queue].map(waitingIn))).toEqual([0, 0])
  })
})

describe('a change-over', () => {
  const over = (tenants: readonly Tenant[]) =>
    changeOver(changeOverBroker(connection), {
      tenants,
      partitions: 2,
      onProgress: () => undefined,
    })

  it('refuses to have a tenant bound to two queues', async () => {
    const { run } = setUp()
    const pooled = newPool(1)
    const own = pooled.map(unpooled)
    await run(own)
    await expect(run(pooled)).rejects.toThrow('change-over')
    await over(pooled)
    await run(pooled)
    await expect(run(own)).rejects.toThrow('change-over')
  })

  it('says whose queue can not be declared, and changes the others over', async () => {
    const { run } = setUp()
    const pooled = newPool(3)
    await run(pooled)
    const own = pooled.map(unpooled)
    const [differing, ...others] = own.map(ownTopologyOf) as [Topology, ...Topology[]]
    await onChannel(amqpUrl, (channel) => channel.assertQueue(differing.queue, { durable: true }))
    await expect(over(own)).rejects.toMatchObject({
      code: 'queue-differs',
      message: expect.stringMatching(
        `^Tenant ${differing.tenant}: the queue ${differing.queue} on .* can't be declared. If it exists with other`,
      ),
    })
    await publish(
      amqpUrl,
      pooled.map(({ id }) => taskMessage(id)),
    )
    for (const { queue } of [...others, poolOf(pooled)]) {
      await eventually(
        () => countMessages(amqpUrl, queue),
        (count) => count === 1,
      )
    }
  })

  it('leads a tenant out of a former pool to which a bridge that died in between has bound it', async () => {
    const { run } = setUp()
    const former = newPool(1)
    const [{ queue, entrance }] = former.map(topologyOf) as [Topology]
    await run(former)
    const tenants = former.map((tenant) => ({ ...tenant, pool: 'p01' }))
    await over(tenants)
    await onChannel(amqpUrl, async (channel) => {
      await channel.bindQueue(queue, entrance, '')
    })
    await publish(
      amqpUrl,
      former.map(({ id }) => taskMessage(id)),
    )
    await over(tenants)
    const [{ queue: pool }] = tenants.map(topologyOf) as [Topology]
    await eventually(
      () => countMessages(amqpUrl, pool),
      (count) => count === 1,
    )
  })

  it('from own queues to a pool, to another and back, with traffic flowing: nothing lost, nothing doubled', async () => {
    const { run, bridged, startWorker } = setUp()
    const pooled = newPool(3)
    const own = pooled.map(unpooled)
    const elsewhere = pooled.map((tenant) => ({ ...tenant, pool: 'p01' }))
    await run(own)
    const published: ReturnType<typeof taskMessage>[] = []
    let isPublishing = true
    const publishing = (async () => {
      while (isPublishing) {
        const messages = pooled.flatMap(({ id }) => [taskMessage(id), taskMessage(id)])
        published.push(...messages)
        await publish(amqpUrl, messages)
      }
    })()
    let stop = startWorker(own)
    const opener = await connectBroker(amqpUrl)
    let now = own
    for (const next of [pooled, elsewhere, own, pooled, own]) {
      const sofar = bridged.length
      // As if the first tenant flooded its pool.
      await opener.openBypass(poolOf(now))
      now = next
      await over(next)
      await stop()
      // A worker gives back what it had not settled, and the second run moves that too.
      await over(next)
      stop = startWorker(next)
      await eventually(
        async () => bridged.length,
        (count) => count > sofar + 20,
      )
    }
    isPublishing = false
    await publishing
    await opener.close()
    await eventually(
      async () => bridged.length,
      (count) => count >= published.length,
    )
    await stop()
    await run(own)
    expect(sourcesOf(bridged)).toEqual(expectedOf(published))
    const ways = [...own.map(ownTopologyOf), poolOf(pooled), poolOf(elsewhere)]
    for (const { queue } of ways.flatMap(queuesIn))
      expect(await countMessages(amqpUrl, queue)).toBe(0)
  })
})
