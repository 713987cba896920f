import { setTimeout as sleep } from 'node:timers/promises'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals'
import { createOneDrain } from '../../functions/shared/one-drain.ts'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { drain } from '../../lib/bridge/drain/drain.ts'
import { createBridgeMetrics } from '../../lib/bridge/metrics.ts'
import type { Bus } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import type { SampleMessage } from '../../local/demo/events-file.ts'
import { type AwsStub, idsOf, startAwsStub } from '../support/aws-stub.ts'
import { startDrain } from '../support/drain.ts'
import { memoryPayloads, silentLog } from '../support/memory.ts'
import { canStartBroker, type OwnBroker, startOwnBroker } from '../support/own-broker.ts'
import { publishMany } from '../support/publish-many.ts'
import {
  countMessages,
  eventually,
  newTenant,
  onChannel,
  rawMessage,
  taskMessage,
} from '../support/stack.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { startWorker, temporaryFolder, type Worker } from '../support/worker.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

const describeWithBroker = canStartBroker ? describe : describe.skip

/** Seconds after which this broker closes the channel of a consumer that holds a message. */
const consumerTimeout = 8

const folder = temporaryFolder()
const workers: Worker[] = []
let broker: OwnBroker
let stub: AwsStub

beforeAll(async () => {
  if (!canStartBroker) return
  broker = await startOwnBroker([
    `{consumer_timeout, ${consumerTimeout * 1000}}`,
    '{channel_tick_interval, 1000}',
  ])
})
beforeEach(async () => {
  stub = await startAwsStub()
})
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.signal('SIGKILL')
    await worker.exited
  }
  stub.close()
})
afterAll(async () => {
  folder.remove()
  await broker?.stop()
})

const queueOf = (tenant: string) => `tenant.${tenant}.eventbridge`
const deadLettersOf = (tenant: string) =>
  countMessages(broker.amqpUrl, `${queueOf(tenant)}.dead-letter`)
const waitingIn = (tenant: string) => countMessages(broker.amqpUrl, queueOf(tenant))
const notAnEvent = (tenant: string) => rawMessage(tenant, 'task.create', 'no JSON')
const load = (tenant: string, count: number) =>
  Array.from({ length: count }, () => taskMessage(tenant))
const accepted = () => [...new Set(idsOf(stub.accepted).filter((id) => id !== undefined))].sort()
const eventIds = (messages: readonly SampleMessage[]) =>
  messages.map(({ eventId }) => String(eventId)).sort()

function environment(tenants: readonly string[], more: Record<string, string> = {}) {
  const all = Object.fromEntries(tenants.map((id) => [id, { events: ['task.create'] }]))
  stub.secret = broker.amqpUrl
  return {
    AMQP_SECRET_ID: 'broker',
    AMQP_URL: broker.amqpUrl,
    CELL: 'main',
    EVENT_BUS_NAME: 'ecos-main',
    MAX_PUT_EVENTS_PER_SECOND: '400',
    PAYLOAD_BUCKET: 'payloads',
    TENANTS_FILE: folder.write(`${tenants[0]}.yml`, JSON.stringify({ tenants: all })),
    QUARANTINE_QUEUE_URL: `${stub.url}/000000000000/quarantine`,
    AWS_ENDPOINT_URL: stub.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...more,
  }
}

const drainOnce = (tenants: readonly string[], more?: Record<string, string>) =>
  startDrain(environment(tenants, more)).report

describeWithBroker('a message that kills the drain', () => {
  const preload = new URL('../support/crash-on-marker.mjs', import.meta.url)
  const crashing = { NODE_OPTIONS: `--import=${preload.href}` }

  it('takes none of its neighbours with it: they flow in the very next drain', async () => {
    const tenants = Array.from({ length: 6 }, newTenant)
    const [first = ''] = tenants
    await drainOnce(tenants)
    const poison = rawMessage(first, 'task.create', '{"data":{"id":"kills-the-process"}}')
    const good = tenants.flatMap((tenant) => load(tenant, 5))
    await publishMany(broker.amqpUrl, [poison])
    // It has come back often already: the test needs fewer crashes.
    await returnOften(first, 12)
    await publishMany(broker.amqpUrl, good)
    for (let drains = 0; (await deadLettersOf(first)) === 0; drains += 1) {
      expect(drains).toBeLessThan(14)
      await drainOnce(tenants, crashing)
      // Of each queue the first was out when the first drain died.
      if (drains === 1) expect(accepted().length).toBeGreaterThanOrEqual(good.length - 6)
    }
    expect(accepted()).toEqual(eventIds(good))
    for (const tenant of tenants.slice(1)) expect(await deadLettersOf(tenant)).toBe(0)
    expect(await deadLettersOf(first)).toBe(1)
  })
})

describeWithBroker('stores that do not answer', () => {
  it('cost no message a delivery, however many drains come meanwhile', async () => {
    const tenant = newTenant()
    await drainOnce([tenant])
    const good = load(tenant, 3)
    await publishMany(broker.amqpUrl, [notAnEvent(tenant), ...good])
    stub.stores = 'down'
    const settings = environment([tenant])
    Object.assign(process.env, settings)
    const run = await createOneDrain(
      { ...settings, ...numbers, EVENTBRIDGE_CLIENT: 'sdk', QUEUES: 'own' },
      silentLog,
    )
    for (let drains = 0; drains < 22; drains += 1) {
      const metrics = createBridgeMetrics(() => undefined, silentLog)
      await expect(run(metrics, AbortSignal.timeout(300))).rejects.toMatchObject({
        code: expect.stringMatching(/store-unavailable|drain-incomplete/),
      })
    }
    await expectUntouched(tenant, 4)
    stub.stores = 'up'
    await eventually(
      () =>
        drainOnce([tenant]).then(
          () => stub.sent.length,
          () => 0,
        ),
      (sent) => sent === 1,
    )
    expect([accepted(), await deadLettersOf(tenant)]).toEqual([eventIds(good), 0])
  })

  it('cost a worker one delivery, no connection, and its neighbours nothing', async () => {
    const [tenant = '', other = ''] = [newTenant(), newTenant()]
    await drainOnce([tenant, other])
    const worker = startWorker(environment([tenant, other], { HOLD_SECONDS: '2' }))
    workers.push(worker)
    await worker.consuming(2)
    stub.stores = 'down'
    await publishMany(broker.amqpUrl, [notAnEvent(tenant)])
    const { status } = await eventually(
      () => worker.health('/ready'),
      (answer) => answer.status.problems[tenant] !== undefined,
    )
    expect(status.problems[tenant]).toContain(queueOf(tenant))
    const during = load(other, 20)
    await publishMany(broker.amqpUrl, during)
    await sleep(2 * consumerTimeout * 1000)
    await eventually(
      async () => accepted().length,
      (count) => count >= during.length,
    )
    expect(accepted()).toEqual(eventIds(during))
    await onChannel(broker.amqpUrl, async (channel) => {
      const message = await channel.get(queueOf(tenant))
      expect(message).toMatchObject({ properties: { headers: { 'x-delivery-count': 1 } } })
    })
    stub.stores = 'up'
    await eventually(
      async () => stub.sent.length,
      (sent) => sent === 1,
    )
    expect(worker.logs.filter(({ message }) => message === 'Connected to the broker')).toHaveLength(
      1,
    )
    expect([idsOf(stub.accepted).sort(), await deadLettersOf(tenant)]).toEqual([
      eventIds(during),
      0,
    ])
  })
})

describeWithBroker('a broker whose memory alarm is raised', () => {
  afterEach(() => broker.alarm(false))

  it('is relieved: the backlog is bridged, though the handshake is blocked, and that is told', async () => {
    const tenant = newTenant()
    await drainOnce([tenant])
    const messages = load(tenant, 50)
    await publishMany(broker.amqpUrl, messages)
    await broker.alarm(true)
    const connected = await connectBroker(broker.amqpUrl)
    const reasons: (string | undefined)[] = []
    connected.onBlocked((reason) => reasons.push(reason))
    const bus: Bus = {
      put: async (entries) => entries.map(() => ({ status: 'accepted' })),
      check: async () => undefined,
    }
    const report = await drain({
      tenants: [{ id: tenant, events: ['task.create'], locale: 'ru', cell: 'main' }],
      broker: connected,
      bus,
      context: {
        publisher: createPublisher(bus),
        quarantine: { store: async () => undefined },
        payloads: memoryPayloads(),
        log: silentLog,
      },
      deadline: AbortSignal.timeout(120_000),
      interestsOf: async () => ({ 'record-created': { attributes: ['name'] } }),
    })
    expect(report).toMatchObject({ bridged: 50 })
    await eventually(
      async () => reasons,
      ([reason]) => reason !== undefined,
    )
    await connected.close()
    expect(await waitingIn(tenant)).toBe(0)
  })
})

describeWithBroker('a connection that is half-open', () => {
  it.each(['connecting', 'consuming'])('keeps no drain beyond its time while %s', async (when) => {
    const tenant = newTenant()
    await drainOnce([tenant])
    await publishMany(broker.amqpUrl, load(tenant, 3_000))
    const { hostname, port } = new URL(broker.amqpUrl)
    const proxy = await startTcpProxy(hostname, Number(port))
    const env = environment([tenant], { REMAINING_MS: '24000' })
    stub.secret = broker.amqpUrl.replace(`:${port}`, `:${proxy.port}`)
    stub.latency = 200
    if (when === 'connecting') proxy.freeze()
    const outcome = startDrain(env).report.then(
      () => 'no failure',
      (error: Error) => error.message,
    )
    if (when === 'consuming') {
      await eventually(
        async () => accepted().length,
        (count) => count > 0,
      )
      proxy.freeze()
    }
    // Lambda would end it at its time-out, and so does the test's process.
    const ended = await outcome
    expect(ended).toMatch(/drain-incomplete|broker-unreachable/)
    expect(ended).not.toContain('Task timed out')
    proxy.close()
  })
})

/** What the variables of the drain hold as numbers. */
const numbers = {
  CALLS_IN_FLIGHT: 5,
  CONCURRENT_DRAINS: 1,
  MAX_PUT_EVENTS_PER_SECOND: 400,
  PREFETCH: 100,
  PARTITIONS: 16,
} as const

async function expectUntouched(tenant: string, count: number): Promise<void> {
  await eventually(
    () => waitingIn(tenant),
    (waiting) => waiting === count,
  )
  await onChannel(broker.amqpUrl, async (channel) => {
    const message = await channel.get(queueOf(tenant))
    expect(message).toMatchObject({ fields: { redelivered: false } })
  })
}

async function returnOften(tenant: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await eventually(
      () => waitingIn(tenant),
      (waiting) => waiting === 1,
    )
    await onChannel(broker.amqpUrl, async (channel) => {
      await channel.get(queueOf(tenant))
      channel.nackAll(true)
    })
  }
}
