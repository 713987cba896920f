import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { createBus, createBusClient } from '../../lib/aws/bus/eventbridge.ts'
import { tapBus } from '../../lib/aws/cell/event-tap.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { readInterests } from '../../lib/aws/tables/read-interests.ts'
import { createRecordListeners } from '../../lib/aws/tables/record-listeners-table.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { drain } from '../../lib/bridge/drain/drain.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine } from '../../lib/bridge/quarantine.ts'
import { fixedTenants } from '../../lib/bridge/worker/follow-tenants.ts'
import { createStatus } from '../../lib/bridge/worker/status.ts'
import { runWorker } from '../../lib/bridge/worker/worker.ts'
import type { EventTap } from '../../lib/operations/cell-view.ts'
import {
  type LoadAttributes,
  RecordEventSource,
  type RecordEventSourceOptions,
} from '../../lib/record-event-source.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { publish } from '../../local/demo/publish.ts'
import { memoryPayloads, silentLog } from '../support/memory.ts'
import { canStartBroker, startOwnBroker } from '../support/own-broker.ts'
import { eventually, newTenant, onChannel, runningStack, taskMessage } from '../support/stack.ts'
import { runCommand, temporaryFolder } from '../support/worker.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

const { amqpUrl, awsEndpoint, cloud, deployment } = runningStack()
const environment = cloudEnvironment(awsEndpoint)
Object.assign(process.env, environment)

const tables = {
  SUBSCRIPTIONS_TABLE: String(deployment['SubscriptionsTableName']),
  RECORD_LISTENERS_TABLE: String(deployment['RecordListenersTableName']),
}
const busName = String(deployment['BusName'])
const bus = createBus(busName, createBusClient({}))
const book = createSubscriptionBook(tables.SUBSCRIPTIONS_TABLE, createDynamoDb())
const listeners = createRecordListeners(tables.RECORD_LISTENERS_TABLE, createDynamoDb(), silentLog)
const payloads = memoryPayloads()
const quarantine = createQuarantine(async ({ reason }) => {
  throw new Error(`Nothing of this is to be quarantined: ${reason}`)
}, payloads)

const cleanups: (() => Promise<unknown>)[] = []
let tap: EventTap
beforeAll(async () => {
  tap = await tapBus(cloud, busName, { owner: 'test', retentionSeconds: 3_600 })
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
afterAll(() => tap.remove())

const types = ['record-changed'] as const
const tenantOf = (id: string): Tenant => ({ id, events: types, locale: 'en', cell: 'main' })
const interestsOf = (tenant: string, templates = {}) =>
  readInterests(tables, [tenantOf(tenant)], templates, silentLog)

/** The bridge as a worker. */
function bridge(tenant: string, url = amqpUrl) {
  const stop = new AbortController()
  const ended = runWorker(
    {
      tenants: fixedTenants([tenantOf(tenant)]),
      connect: () => connectBroker(url),
      bus,
      quarantine,
      payloads,
      log: silentLog,
      stop: stop.signal,
      interestsOf: interestsOf(tenant),
    },
    createStatus(),
  )
  cleanups.push(() => {
    stop.abort()
    return ended
  })
}

/** The bridge as one drain of the schedule. */
async function drainOnce(tenant: string, templates = {}) {
  const broker = await connectBroker(amqpUrl)
  const context = { publisher: createPublisher(bus, {}), quarantine, payloads, log: silentLog }
  try {
    return await drain({
      tenants: [tenantOf(tenant)],
      broker,
      bus,
      context,
      deadline: AbortSignal.timeout(120_000),
      interestsOf: interestsOf(tenant, templates),
    })
  } finally {
    await broker.close()
  }
}

const values: Record<string, unknown> = {
  'case.title': 'Lease of an office',
  'author.email': 'ivanov@acme.example',
}
const loadAttributes = jest.fn<LoadAttributes>(
  async (records, attributes) =>
    new Map(
      records.map((record) => [
        record,
        Object.fromEntries(attributes.map((path) => [path, values[path]])),
      ]),
    ),
)

function source(tenant: string, options: Partial<RecordEventSourceOptions> = {}) {
  const started = new RecordEventSource({
    url: amqpUrl,
    tenant,
    id: 'cases',
    loadAttributes,
    waitFor: ['eventbridge'],
    settleSeconds: 150,
    log: silentLog,
    ...options,
  })
  cleanups.push(() => started.close())
  return started
}

const changed = () => ({ type: 'record-changed', record: 'case@1', id: randomUUID() })

/** The attributes with which the event passed the bus. */
async function attributesOnBus(id: string): Promise<unknown> {
  const details = await eventually(
    async () => (await tap.take()).map((text) => JSON.parse(text).detail),
    (taken) => taken.some((detail) => detail.id === id),
  )
  return details.find((detail) => detail.id === id)?.data.attributes
}

const titleCondition = { t: 'not', val: { t: 'empty', att: 'case.title' } } as const
const subscribe = (tenant: string, customData: Record<string, string> = {}) =>
  book.change({ tenant, username: 'smith', eventType: 'record-changed' }, () => [
    { channel: 'email', address: 'smith@x', condition: titleCondition, customData },
  ])
const register = (tenant: string, ...attributes: string[]) =>
  listeners.add(tenant, { listener: 'stats', eventType: 'record-changed', attributes })

describe('what those on the bus ask for is on it', () => {
  it('where the bridge is up first, and where a source is', async () => {
    const tenant = newTenant()
    await subscribe(tenant)
    await register(tenant, 'author.email')
    const before = source(tenant, { id: 'before' })
    const waiting = changed()
    const announced = before.announce([waiting])
    bridge(tenant)
    expect(await announced).toEqual([{ id: waiting.id, listeners: ['eventbridge'] }])
    expect(await attributesOnBus(waiting.id)).toEqual(values)

    const after = source(tenant, { id: 'after' })
    const event = changed()
    expect(await after.announce([event])).toEqual([{ id: event.id, listeners: ['eventbridge'] }])
    expect(await attributesOnBus(event.id)).toEqual(values)
  })

  it('and what is asked for later comes with the next drain, without a restart', async () => {
    const tenant = newTenant()
    const one = source(tenant, { waitFor: [], settleSeconds: 0 })
    const attributesOf = async (templates: Record<string, string>) => {
      await drainOnce(tenant, templates)
      const [announced] = await one.announce([changed()])
      if (announced?.listeners.length !== 1) return undefined
      await drainOnce(tenant, templates)
      return attributesOnBus(announced.id)
    }
    // A source that answers a drain too late is told by the one after it.
    const soon = (expected: object, templates = {}) =>
      eventually(
        () => attributesOf(templates),
        (attributes) => isDeepStrictEqual(attributes, expected),
      )
    await subscribe(tenant)
    await soon({ 'case.title': 'Lease of an office' })
    await subscribe(tenant, { stage: 'stage' })
    await soon({ 'case.title': 'Lease of an office', stage: null })
    const template = {
      '_all/record-changed/any.en.liquid': '{{ event.attributes["author.email"] }}',
    }
    await soon({ ...values, stage: null }, template)
  })

  it('of a tenant whose exchange the broker refuses there are events all the same', async () => {
    const tenant = newTenant()
    await subscribe(tenant)
    const exchange = `tenant.${tenant}.record-events`
    // The bridge declares it as a topic.
    await onChannel(amqpUrl, (channel) => channel.assertExchange(exchange, 'fanout'))
    cleanups.push(() => onChannel(amqpUrl, (channel) => channel.deleteExchange(exchange)))
    await drainOnce(tenant)
    const message = taskMessage(tenant, {}, 'record-changed')
    await publish(amqpUrl, [message])
    expect(await drainOnce(tenant)).toMatchObject({ bridged: 1 })
  })
})

const withOwnBroker = canStartBroker ? describe : describe.skip
withOwnBroker('a broker that restarts in the middle of a handshake', () => {
  it('costs nothing: the source asks again, and what was announced meanwhile is on the bus', async () => {
    const broker = await startOwnBroker()
    cleanups.push(() => broker.stop())
    const tenant = newTenant()
    await subscribe(tenant)
    // It has asked, and nobody was there to answer.
    const one = source(tenant, { url: broker.amqpUrl, settleSeconds: 150 })
    const event = changed()
    const announced = one.announce([event])
    await broker.stopApp()
    bridge(tenant, broker.amqpUrl)
    await broker.startApp()
    expect(await announced).toEqual([{ id: event.id, listeners: ['eventbridge'] }])
    expect(await attributesOnBus(event.id)).toEqual({ 'case.title': 'Lease of an office' })
  })
})

describe('the command attributes', () => {
  const tenant = newTenant()
  const folder = temporaryFolder()
  const TENANTS_FILE = folder.path('tenants.yml')
  const attributes = (...args: string[]) =>
    runCommand(['attributes', ...args], { ...environment, TENANTS_FILE })
  beforeAll(() => writeFileSync(TENANTS_FILE, JSON.stringify({ tenants: { [tenant]: {} } })))
  afterAll(() => folder.remove())

  it('adds, lists and removes what a listener asks for', async () => {
    const of = ['--tenant', tenant, '--listener', 'stats', '--type', 'record-changed']
    const filter = ['--filter', '{"t":"eq","a":"stage","v":"new"}']
    await attributes('add', ...of, '--attribute', 'title?disp', 'author.email', ...filter)
    await attributes('add', ...of, '--attribute', 'sum?num')
    expect((await attributes('list', '--tenant', tenant)).stdout.split(/\s*\n/)).toEqual([
      expect.stringMatching(/^ {2}LISTENER +TYPE +ATTRIBUTES +ONLY IF$/),
      expect.stringMatching(
        /^ {2}stats +record-changed +author\.email, sum\?num, title +\{"t":"eq","att":"stage","val":"new"\}$/,
      ),
      '',
    ])
    await attributes('remove', ...of, '--attribute', 'title')
    expect((await listeners.ofTenant(tenant))[0]?.attributes).toEqual(['author.email', 'sum?num'])
    await attributes('remove', ...of)
    expect(await listeners.ofTenant(tenant)).toEqual([])
    expect(await attributes('remove', ...of)).toMatchObject({
      code: 0,
      stdout: 'There is nothing to remove\n',
    })
  })

  it('refuses a tenant that the cell does not have', async () => {
    const of = ['--tenant', `${tenant}x`, '--listener', 'stats', '--type', 'record-changed']
    expect(await attributes('add', ...of)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`(Did you mean ${tenant}?)`),
    })
  })

  it('says which path is none', async () => {
    const of = ['--tenant', tenant, '--listener', 'stats', '--type', 'record-changed']
    expect(await attributes('add', ...of, '--attribute', 'a..b')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"a..b" is not an attribute path'),
    })
  })
})
