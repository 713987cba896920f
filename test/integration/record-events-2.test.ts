import { randomUUID } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { drain } from '../../lib/bridge/drain/drain.ts'
import { createEvents2Registration } from '../../lib/bridge/events-2-registration.ts'
import { type Bus, type BusEntry, probe } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine, type QuarantineRecord } from '../../lib/bridge/quarantine.ts'
import { events2Topology } from '../../lib/bridge/topology.ts'
import { fixedTenants } from '../../lib/bridge/worker/follow-tenants.ts'
import { createStatus } from '../../lib/bridge/worker/status.ts'
import { runWorker } from '../../lib/bridge/worker/worker.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Interests } from '../../lib/events/interest.ts'
import { keepRegistered } from '../../lib/records/events-2/keep-registered.ts'
import { targetKey } from '../../lib/records/events-2/keys.ts'
import { register, withdraw } from '../../lib/records/events-2/registry.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { parseTenants } from '../../lib/tenants/tenants-file.ts'
import { connectZooKeeper, type ZooKeeper } from '../../lib/zookeeper/zookeeper.ts'
import { publish } from '../../local/demo/publish.ts'
import type { ZooKeeperPart } from '../../local/zookeeper.ts'
import { memoryPayloads, silentLog } from '../support/memory.ts'
import { announce, bodyOf, type SourceEvent, send } from '../support/source-2.ts'
import {
  countMessages,
  eventually,
  newTenant,
  onChannel,
  rawMessage,
  runningStack,
} from '../support/stack.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { runCommand, temporaryFolder } from '../support/worker.ts'
import { newZooKeeper } from '../support/zookeeper.ts'

const { amqpUrl } = runningStack()
let server: ZooKeeperPart
let sources: ZooKeeper
const cleanups: (() => unknown)[] = []

beforeAll(async () => {
  server = await newZooKeeper()
  sources = await connectZooKeeper(server.servers)
}, 300_000)

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

afterAll(async () => {
  await sources?.close()
  await server?.stop()
})

/** A tenant as tenants.yml has it, with an application's name that no other test knows. */
function tenantOf(fields: Record<string, unknown> = {}): Tenant & { events2: { target: string } } {
  const id = newTenant()
  const entry = { wire: '2.0', events: ['record-changed'], ...fields }
  const [tenant] = parseTenants(JSON.stringify({ tenants: { [id]: entry } }), 'tenants.yml')
  if (tenant?.events2 === undefined) throw new Error('The tenant does not speak events 2.0')
  return { ...tenant, events2: tenant.events2 }
}

/** A bus in memory, and what the bridge needs beside it. */
function setUp(misbehave: (entries: readonly BusEntry[]) => void = () => undefined) {
  const bridged: BusEntry[] = []
  const quarantined: QuarantineRecord[] = []
  const bus: Bus = {
    async put(entries) {
      if (entries[0] !== probe) {
        misbehave(entries)
        bridged.push(...entries)
      }
      return entries.map(() => ({ status: 'accepted' }))
    },
    async check() {},
  }
  const payloads = memoryPayloads()
  const quarantine = createQuarantine(async (record) => void quarantined.push(record), payloads)
  const details = () => bridged.map(({ detail }) => JSON.parse(String(detail)))
  return { bus, bridged, details, quarantined, quarantine, payloads, log: silentLog }
}

function startBridge(tenant: Tenant, parts = setUp()) {
  const stop = new AbortController()
  const status = createStatus()
  const registration = createEvents2Registration({
    tenants: [tenant],
    connect: connectZooKeeper,
    servers: server.servers,
    log: silentLog,
  })
  const worker = {
    ...parts,
    tenants: fixedTenants([tenant]),
    connect: () => connectBroker(amqpUrl),
    stop: stop.signal,
    onDeclared: registration.onDeclared,
  }
  const ended = Promise.all([runWorker(worker, status), registration.keep(stop.signal)])
  cleanups.push(() => {
    stop.abort()
    return ended
  })
  return { ...parts, status }
}

async function drainOnce(tenant: Tenant, parts = setUp()) {
  const broker = await connectBroker(amqpUrl)
  const { bus, quarantine, payloads, log } = parts
  const context = { publisher: createPublisher(bus), quarantine, payloads, log }
  const deadline = AbortSignal.timeout(120_000)
  const backOff = { firstWait: 5 }
  const report = await drain({ tenants: [tenant], broker, bus, context, deadline, backOff })
  await broker.close()
  return { ...parts, report }
}

const nodeOf = (tenant: Tenant, type: string) =>
  `/ecos/events/${type}/${tenant.events2?.target.replaceAll('.', '_u002E_')}`

const isRegistered = (tenant: Tenant, type = 'record-changed') =>
  eventually(() => sources.exists(nodeOf(tenant, type)), Boolean)

function changed(values: Record<string, unknown> = {}): SourceEvent {
  const record = { 'record?id': 'emodel/contract@42', 'record?disp': 'Contract 42', ...values }
  return { id: randomUUID(), type: 'record-changed', values: record }
}

describe('a bridge that starts', () => {
  it('is known to the sources, and its events have what they asked for', async () => {
    const tenant = tenantOf({ recordEvents: { 'record-changed': { attributes: ['sum?num'] } } })
    const { details, bridged } = startBridge(tenant)
    await isRegistered(tenant)
    const event = changed({ 'sum?num': 1500.5 })
    await announce(amqpUrl, sources, [event])
    await eventually(
      async () => bridged.length,
      (length) => length === 1,
    )

    expect(bridged[0]).toMatchObject({ source: `ecos.${tenant.id}`, detailType: 'record-changed' })
    expect(details()[0]).toMatchObject({
      id: event.id,
      type: 'record-changed',
      time: '2026-03-01T09:00:00.000Z',
      subject: 'emodel/contract@42',
      tenantid: tenant.id,
      data: {
        id: event.id,
        user: 'ivanov',
        attributes: { 'sum?num': 1500.5, 'record?disp': 'Contract 42', title: 'Contract 42' },
      },
    })
  }, 300_000)

  it('writes nodes in both forms that sources read', async () => {
    const filter = { t: 'eq', att: 'typeDef.id', val: 'contract' }
    const tenant = tenantOf({
      target: 'app.one',
      events: [],
      recordEvents: { 'contract signed': { attributes: ['title'], filter } },
    })
    await register(sources, 'app.one', tenant.events2?.interests ?? {})
    const path = '/ecos/events/contract_u0020_signed/app_u002E_one'
    const node = JSON.parse((await sources.getData(path))?.data.toString() ?? '')
    const attributes = ['record?id', 'title', 'typeDef.id']
    expect(node).toEqual({
      created: expect.any(String),
      modified: expect.any(String),
      data: { attributes, filter, transactional: false },
      attributes: Object.fromEntries(attributes.map((one) => [one, one])),
      filter,
      transactional: false,
    })
    await withdraw(sources, 'app.one')
  })
})

describe('the queue of a target', () => {
  it('reaches the bus in its order, also when the bus fails call after call', async () => {
    let calls = 0
    const parts = setUp(() => {
      calls += 1
      if (calls % 3 === 0) throw new EcosError('bus-unavailable', 'test', { retryable: true })
    })
    const tenant = tenantOf()
    await drainOnce(tenant)
    const events = Array.from({ length: 60 }, (_, index) =>
      // A large message takes longer to read than the ones after it.
      changed({ 'record?disp': 'x'.repeat(index % 7 === 0 ? 200_000 : 1) }),
    )
    const key = tenant.events2.target
    const bodies = events.map((event) => bodyOf(event, ['record?disp']))
    await send(
      amqpUrl,
      bodies.map((body) => ({ key, body })),
    )
    await eventually(
      () => countMessages(amqpUrl, key),
      (count) => count === 60,
    )
    const { report, details } = await drainOnce(tenant, parts)
    expect(report.bridged).toBe(60)
    expect(details().map(({ id }) => id)).toEqual(events.map(({ id }) => id))
  }, 300_000)

  it('has what can not be read in the quarantine, and the filter asked again', async () => {
    const filter = { t: 'gt', att: 'sum?num', val: 100 }
    const tenant = tenantOf({ recordEvents: { 'record-changed': { attributes: [], filter } } })
    await drainOnce(tenant)
    const key = tenant.events2.target
    const [few, many] = [changed({ 'sum?num': 99 }), changed({ 'sum?num': 101 })]
    const bodies = [Buffer.from('no gzip'), bodyOf(few, ['sum?num']), bodyOf(many, ['sum?num'])]
    await send(
      amqpUrl,
      bodies.map((body) => ({ key, body })),
    )
    await eventually(
      () => countMessages(amqpUrl, key),
      (count) => count === 3,
    )
    const { report, details, quarantined } = await drainOnce(tenant)
    expect(report).toMatchObject({ bridged: 1, unasked: 1, quarantined: 1 })
    expect(details().map(({ id }) => id)).toEqual([many.id])
    expect(quarantined).toMatchObject([
      { tenant: tenant.id, queue: key, exchange: 'ecos-events', reason: 'not-gzip' },
    ])
    expect(await countMessages(amqpUrl, key)).toBe(0)
  }, 300_000)
})

describe('a tenant in the midst of a change-over', () => {
  it('has one event of both wires under one id and type, by which it is notified once', async () => {
    const tenant = tenantOf({ wire: ['1.0', '2.0'] })
    const { bridged, details } = startBridge(tenant)
    await isRegistered(tenant)
    const event = changed()
    await announce(amqpUrl, sources, [event])
    const { id, type } = event
    await publish(amqpUrl, [rawMessage(tenant.id, type, JSON.stringify({ data: { id, type } }))])
    await eventually(
      async () => bridged.length,
      (length) => length === 2,
    )
    const keys = details().map((detail) => [detail.tenantid, detail.type, detail.id])
    expect(keys).toEqual([
      [tenant.id, type, id],
      [tenant.id, type, id],
    ])
  }, 300_000)
})

describe('bridge withdraw', () => {
  it('ends registration and binding and leaves the queue; where the broker is not reached, all', async () => {
    const tenant = tenantOf({ target: `own.target-${randomUUID()}` })
    const { target } = tenant.events2
    const { queue } = events2Topology(tenant.id, target)
    await register(sources, target, tenant.events2.interests)
    await drainOnce(tenant)
    await announce(amqpUrl, sources, [changed()])
    const waiting = (least: number) =>
      eventually(
        () => countMessages(amqpUrl, queue),
        (count) => count >= least,
      )
    await waiting(1)

    const folder = temporaryFolder()
    cleanups.push(folder.remove)
    // "2.0" is taken from "wire" already; the target is still the tenant's own.
    const file = folder.write(
      'tenants.yml',
      JSON.stringify({ tenants: { [tenant.id]: { target } } }),
    )
    const env = { AMQP_URL: amqpUrl, ZOOKEEPER_SERVERS: server.servers, TENANTS_FILE: file }
    const command = ['bridge', 'withdraw', '--tenant', tenant.id]
    const refused = await runCommand(command, { ...env, AMQP_CA: rootCertificates[0] ?? '' })
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('use amqps:'),
    })
    expect(await sources.exists(nodeOf(tenant, 'record-changed'))).toBe(true)

    expect(await runCommand(command, env)).toEqual({
      code: 0,
      stderr: '',
      stdout: `${tenant.id} is withdrawn: 1 registrations of ${target} are deleted, and ${queue} is unbound\n`,
    })
    expect(await sources.exists(nodeOf(tenant, 'record-changed'))).toBe(false)
    // Withdrawing it again, or another target, withdraws nothing and says what it looked for.
    for (const [args, what] of [
      [[], `has the target ${targetKey(target)}`],
      [['--target', queue], `has the target ${queue}`],
      [['--tenant', 'nobody'], 'has no tenant nobody'],
    ] satisfies [string[], string][]) {
      const again = await runCommand([...command, ...args], env)
      expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(what) })
    }
    // A source that has not noticed yet sends to no queue.
    await onChannel(amqpUrl, async (channel) => {
      channel.publish('ecos-events', targetKey(target), Buffer.from(bodyOf(changed(), [])))
      channel.sendToQueue(queue, Buffer.from('after'))
      await channel.close()
    })
    expect(await waiting(2)).toBe(2)
  }, 300_000)
})

describe('a registration', () => {
  function keep(interests: () => Interests, connect = server.servers) {
    const target = `app-${randomUUID()}`
    const stop = new AbortController()
    const ended = keepRegistered({
      tenant: 'acme',
      target,
      interestsOf: async () => interests(),
      connect: (session) => connectZooKeeper(connect, session),
      log: silentLog,
      stop: stop.signal,
      checkInterval: 100,
    })
    const end = () => {
      stop.abort()
      return ended
    }
    cleanups.push(end)
    const attributes = async (type: string) => {
      const node = await sources.getData(`/ecos/events/${type}/${target}`)
      return node && JSON.parse(node.data.toString()).data.attributes
    }
    return { target, attributes, end }
  }

  it('follows what is wanted, without a restart', async () => {
    let interests: Interests = { a: { attributes: ['one'] } }
    const { attributes } = keep(() => interests)
    await eventually(
      () => attributes('a'),
      (list) => list?.includes('one'),
    )
    interests = { a: { attributes: ['one', 'two'] }, b: { attributes: [] } }
    await eventually(
      () => attributes('a'),
      (list) => list?.includes('two'),
    )
    await eventually(() => attributes('b'), Boolean)
    interests = { b: { attributes: [] } }
    await eventually(
      () => attributes('a'),
      (list) => list === undefined,
    )
    expect(await attributes('b')).toEqual(['record?id'])
  }, 300_000)

  it('is written again after another has deleted it, a lost connection and a restart', async () => {
    const proxy = await startTcpProxy('127.0.0.1', Number(server.servers.split(':')[1]))
    cleanups.push(() => proxy.close())
    const { target, attributes } = keep(
      () => ({ a: { attributes: ['one'] } }),
      `127.0.0.1:${proxy.port}`,
    )
    await eventually(() => attributes('a'), Boolean)
    const path = `/ecos/events/a/${target}`
    await sources.delete(path)
    await eventually(() => attributes('a'), Boolean)

    proxy.refuse = true
    proxy.cut()
    await sources.delete(path)
    proxy.refuse = false
    await eventually(() => attributes('a'), Boolean)

    await server.restart()
    sources = await connectZooKeeper(server.servers)
    await sources.delete(path)
    await eventually(() => attributes('a'), Boolean)
  }, 300_000)

  it('stays when its bridge ends, and goes when it is withdrawn, with no other', async () => {
    const { target, attributes, end } = keep(() => ({ a: { attributes: [] } }))
    const other = keep(() => ({ a: { attributes: [] } }))
    await eventually(() => attributes('a'), Boolean)
    await eventually(() => other.attributes('a'), Boolean)
    await end()
    expect(await attributes('a')).toBeDefined()
    expect(await withdraw(sources, target)).toEqual({ written: 0, deleted: 1 })
    expect(await attributes('a')).toBeUndefined()
    expect(await other.attributes('a')).toBeDefined()
  }, 300_000)
})
