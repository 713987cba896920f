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
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import type { SampleMessage } from '../../local/demo/events-file.ts'
import { publish } from '../../local/demo/publish.ts'
import { type AwsStub, idsOf, startAwsStub } from '../support/aws-stub.ts'
import { idsIn } from '../support/listening-log.ts'
import { publishMany } from '../support/publish-many.ts'
import {
  countMessages,
  eventually,
  newTenant,
  onChannel,
  rawMessage,
  runningStack,
  taskMessage,
} from '../support/stack.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { runCommand, startWorker, temporaryFolder, type Worker } from '../support/worker.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

const { amqpUrl } = runningStack()
const folder = temporaryFolder()
const workers: Worker[] = []
let stub: AwsStub
let proxy: TcpProxy

beforeAll(async () => {
  const { hostname, port } = new URL(amqpUrl)
  proxy = await startTcpProxy(hostname, Number(port || 5672))
})
beforeEach(async () => {
  stub = await startAwsStub()
})
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.signal('SIGKILL')
    await worker.exited
  }
  proxy.refuse = false
  stub.close()
})
afterAll(() => {
  proxy.close()
  folder.remove()
})

const queueOf = (tenant: string) => `tenant.${tenant}.eventbridge`
const waitingIn = (tenant: string) => countMessages(amqpUrl, queueOf(tenant))
const deadLettersOf = (tenant: string) => countMessages(amqpUrl, `${queueOf(tenant)}.dead-letter`)
const accepted = (count: number) =>
  eventually(
    async () => stub.accepted.length,
    (length) => length >= count,
  )
const load = (tenant: string, count: number) =>
  Array.from({ length: count }, () => taskMessage(tenant))
const eventIds = (messages: readonly SampleMessage[]) =>
  messages.map(({ eventId }) => String(eventId)).sort()

/** The events of a tenant that are not turned on have no place in its entry. */
function tenantsFile(tenants: Record<string, Pick<Tenant, 'events'>>): string {
  return folder.write(`${newTenant()}.yml`, JSON.stringify({ tenants }))
}

function environment(tenants: readonly string[], more: Record<string, string> = {}) {
  const on = Object.fromEntries(tenants.map((id) => [id, { events: ['task.create' as const] }]))
  return {
    AMQP_URL: amqpUrl,
    EVENT_BUS_NAME: 'ecos-main',
    TENANTS_FILE: tenantsFile(on),
    QUARANTINE_QUEUE_URL: `${stub.url}/000000000000/quarantine`,
    AWS_ENDPOINT_URL: stub.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...more,
  }
}

function start(env: Record<string, string>): Worker {
  const worker = startWorker(env)
  workers.push(worker)
  return worker
}

/** Declares the tenants' queues, as any worker does when it starts. */
async function declare(...tenants: string[]): Promise<void> {
  const worker = start(environment(tenants))
  await worker.consuming(tenants.length)
  worker.signal('SIGTERM')
  expect(await worker.exited).toBe(0)
}

const throughProxy = () => {
  const url = new URL(amqpUrl)
  url.host = `127.0.0.1:${proxy.port}`
  return url.href
}

describe('bridge run', () => {
  it('ends within its limit on SIGTERM in the middle of a load: nothing is lost, nothing comes twice', async () => {
    const tenant = newTenant()
    await declare(tenant)
    const messages = load(tenant, 3_000)
    await publishMany(amqpUrl, messages)
    stub.latency = 200
    const first = start(environment([tenant], { PREFETCH: '200', CALLS_IN_FLIGHT: '4' }))
    await accepted(300)
    first.signal('SIGTERM')
    expect(await first.exited).toBe(0)
    const sofar = stub.accepted.length
    expect(sofar).toBeLessThan(3_000)
    expect(await waitingIn(tenant)).toBe(3_000 - sofar)
    // What an operator finds an event by.
    expect(idsIn(first.logs, tenant, 'bridged').sort()).toEqual(idsOf(stub.accepted).sort())
    stub.latency = 5
    start(environment([tenant]))
    await accepted(3_000)
    expect(idsOf(stub.accepted).sort()).toEqual(eventIds(messages))
  })

  it('ends with code 1 at the limit or at a second signal, and what is unsettled goes back', async () => {
    const tenant = newTenant()
    await declare(tenant)
    await publishMany(amqpUrl, load(tenant, 20))
    stub.mode = 'silent'
    const limited = start(environment([tenant], { SHUTDOWN_SECONDS: '1' }))
    await eventually(
      async () => stub.calls,
      (calls) => calls > 0,
    )
    limited.signal('SIGTERM')
    expect(await limited.exited).toBe(1)
    await eventually(
      () => waitingIn(tenant),
      (count) => count === 20,
    )

    const urged = start(environment([tenant]))
    const before = stub.calls
    await eventually(
      async () => stub.calls,
      (calls) => calls > before,
    )
    urged.signal('SIGINT')
    await eventually(
      async () => urged.logs,
      (logs) => JSON.stringify(logs).includes('Stopping'),
    )
    urged.signal('SIGINT')
    expect(await urged.exited).toBe(1)
    await eventually(
      () => waitingIn(tenant),
      (count) => count === 20,
    )
  })

  it('loses nothing to kill -9 at random points; what comes twice carries the same event id', async () => {
    const tenant = newTenant()
    await declare(tenant)
    const messages = load(tenant, 3_000)
    await publishMany(amqpUrl, messages)
    const kills = 4
    const callsInFlight = 8
    const env = environment([tenant], { PREFETCH: '300', CALLS_IN_FLIGHT: String(callsInFlight) })
    // So slow that messages are left for each of them.
    stub.latency = 200
    for (let kill = 0; kill < kills; kill += 1) {
      const worker = start(env)
      await accepted(stub.accepted.length + 1 + Math.floor(Math.random() * 200))
      worker.signal('SIGKILL')
      expect(await worker.exited).toBeUndefined()
    }
    stub.latency = 5
    start(env)
    await eventually(
      async () => new Set(idsOf(stub.accepted)).size,
      (distinct) => distinct === messages.length,
    )
    expect([...new Set(idsOf(stub.accepted))].sort()).toEqual(eventIds(messages))
    // Twice comes what was accepted and not acknowledged: no more than was in flight at a kill.
    const duplicates = stub.accepted.length - messages.length
    expect(duplicates).toBeLessThanOrEqual(kills * 300)
    expect(await deadLettersOf(tenant)).toBe(0)
  })

  it('shares a queue between replicas', async () => {
    const tenant = newTenant()
    const env = environment([tenant], { PREFETCH: '100' })
    const replicas = [start(env), start(env)]
    for (const replica of replicas) await replica.consuming(1)
    const messages = load(tenant, 2_000)
    await publishMany(amqpUrl, messages)
    await accepted(2_000)
    expect(idsOf(stub.accepted).sort()).toEqual(eventIds(messages))
    for (const replica of replicas) {
      const { status } = await replica.health('/ready')
      expect(status.settled.bridged).toBeGreaterThan(0)
    }
  })

  it('connects again after the connection is lost with messages in flight, and loses none', async () => {
    const tenant = newTenant()
    await declare(tenant)
    const messages = load(tenant, 2_000)
    await publishMany(amqpUrl, messages)
    stub.latency = 20
    const settings = { AMQP_URL: throughProxy(), PREFETCH: '200', CALLS_IN_FLIGHT: '5' }
    const worker = start(environment([tenant], settings))
    await accepted(200)
    stub.mode = 'held'
    const before = stub.accepted.length
    proxy.refuse = true
    proxy.cut()
    await eventually(
      () => worker.health('/ready'),
      ({ status }) => !status.broker.connected,
    )
    stub.mode = 'up'
    await eventually(
      () => worker.health('/ready'),
      ({ code, status }) => code === 503 && !status.broker.connected && status.inFlight === 0,
    )
    // The calls in flight ended. What waited behind them belongs to the broker again, and was not sent.
    expect(stub.accepted.length - before).toBeLessThanOrEqual(5 * 10)
    expect(await worker.health('/live')).toMatchObject({ code: 200 })
    proxy.refuse = false
    await eventually(
      async () => new Set(idsOf(stub.accepted)).size,
      (distinct) => distinct === messages.length,
    )
    // Twice comes what was accepted while its acknowledgement had not reached the broker.
    expect(stub.accepted.length - messages.length).toBeLessThanOrEqual(200)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(await waitingIn(tenant)).toBe(0)
  })

  it('calls the bus no more often than its rate limit allows', async () => {
    const tenant = newTenant()
    await declare(tenant)
    const messages = load(tenant, 500)
    await publishMany(amqpUrl, messages)
    stub.calls = 0
    const startedAt = performance.now()
    start(environment([tenant], { MAX_PUT_EVENTS_PER_SECOND: '10' }))
    await accepted(500)
    // The whole time: the arrival of the first call may be late, and would shorten the time between them.
    const seconds = (performance.now() - startedAt) / 1000
    expect(stub.calls).toBeGreaterThanOrEqual(50)
    expect(stub.calls).toBeLessThanOrEqual(2 + 10 * seconds)
    expect(idsOf(stub.accepted).sort()).toEqual(eventIds(messages))
  })

  it('waits for a broker that is not there yet', async () => {
    const tenant = newTenant()
    proxy.refuse = true
    const worker = start(environment([tenant], { AMQP_URL: throughProxy() }))
    const waiting = await eventually(
      () => worker.health('/ready').catch(() => undefined),
      (answer) => answer?.status.broker.problem?.includes("can't be reached") === true,
    )
    expect(waiting?.code).toBe(503)
    expect(JSON.stringify([waiting, worker.logs])).not.toContain('guest')
    proxy.refuse = false
    await worker.consuming(1)
    expect(await worker.health('/ready')).toMatchObject({ code: 200, status: { ready: true } })
  })

  it('holds no more than its prefetch while the bus is down, and carries all when it is back', async () => {
    const tenant = newTenant()
    await declare(tenant)
    const worker = start(environment([tenant], { PREFETCH: '50' }))
    await worker.consuming(1)
    stub.mode = 'down'
    const messages = load(tenant, 500)
    await publishMany(amqpUrl, messages)
    await eventually(
      async () => stub.calls,
      (calls) => calls > 10,
    )
    // It has what it may take: the rest waits.
    const [{ code, status }] = await eventually(
      () => Promise.all([worker.health('/ready'), waitingIn(tenant)]),
      ([answer, waiting]) => waiting < 500 && answer.status.inFlight + waiting === 500,
    )
    expect(status.inFlight).toBeLessThanOrEqual(50)
    expect(code).toBe(503)
    expect(status.broker).toEqual({ connected: true })
    expect(status.bus).toMatchObject({ accepting: false, problem: expect.any(String) })
    expect(await waitingIn(tenant)).toBe(500 - status.inFlight)
    stub.mode = 'up'
    await accepted(500)
    expect(idsOf(stub.accepted).sort()).toEqual(eventIds(messages))
    expect([stub.sent, await deadLettersOf(tenant)]).toEqual([[], 0])
  })

  it('gives back once what it held for long, and takes none until the bus answers', async () => {
    const tenant = newTenant()
    await declare(tenant)
    const worker = start(environment([tenant], { HOLD_SECONDS: '1' }))
    await worker.consuming(1)
    stub.mode = 'down'
    const messages = load(tenant, 30)
    await publishMany(amqpUrl, messages)
    await eventually(
      async () =>
        worker.logs.filter(({ message }) => `${message}`.includes('no message is taken until')),
      (refusals) => refusals.length > 2,
    )
    await eventually(
      () => waitingIn(tenant),
      (count) => count === 30,
    )
    await onChannel(amqpUrl, async (channel) => {
      const message = await channel.get(queueOf(tenant))
      expect(message).toMatchObject({ properties: { headers: { 'x-delivery-count': 1 } } })
    })
    stub.mode = 'up'
    await accepted(30)
    expect(idsOf(stub.accepted).sort()).toEqual(eventIds(messages))
    expect([stub.sent, await deadLettersOf(tenant)]).toEqual([[], 0])
  })

  it('takes no message for a bus that does not answer, and yet has the queues gather them', async () => {
    const tenant = newTenant()
    stub.mode = 'down'
    const worker = start(environment([tenant]))
    await eventually(
      async () => worker.logs,
      (logs) =>
        JSON.stringify(logs).includes('AWS does not answer; no message is taken until it does'),
    )
    const messages = load(tenant, 3)
    // The worker declares its queue beside: until then the broker has no place for the first.
    await eventually(
      () => publish(amqpUrl, messages.slice(0, 1)),
      (dropped) => dropped.size === 0,
    )
    await publishMany(amqpUrl, messages.slice(1))
    expect(await waitingIn(tenant)).toBe(3)
    stub.mode = 'up'
    await accepted(3)
    expect(idsOf(stub.accepted).sort()).toEqual(eventIds(messages))
  })

  it("lets a tenant's single event pass the backlog of another", async () => {
    const [busy, calm] = [newTenant(), newTenant()]
    await declare(busy, calm)
    const backlog = load(busy, 5_000)
    await publishMany(amqpUrl, backlog)
    start(environment([busy, calm], { CALLS_IN_FLIGHT: '4', PREFETCH: '2000' }))
    await accepted(10)
    stub.mode = 'held'
    const [single] = load(calm, 1)
    if (!single) throw new Error('no message')
    await publishMany(amqpUrl, [single])
    // The worker has taken it while the bus accepts nothing, and holds much of the other tenant.
    await eventually(
      () => waitingIn(calm),
      (count) => count === 0,
    )
    const before = stub.accepted.length
    stub.mode = 'up'
    const place = await eventually(
      async () => stub.accepted.findIndex(({ Source }) => Source === `ecos.${calm}`),
      (index) => index >= 0,
    )
    // A few calls of the other tenant went before it.
    expect(place - before).toBeLessThan(500)
    await accepted(5_001)
    expect(new Set(idsOf(stub.accepted)).size).toBe(5_001)
  })

  it('consumes the other queues while one is in the way or gone, and that one when it can', async () => {
    const [odd, good] = [newTenant(), newTenant()]
    await onChannel(amqpUrl, (channel) => channel.assertQueue(queueOf(odd), { durable: true }))
    const worker = start(environment([odd, good]))
    await worker.consuming(1)
    const { code, status } = await eventually(
      () => worker.health('/ready'),
      (answer) => answer.status.problems[odd] !== undefined,
    )
    expect(code).toBe(200)
    expect(status.problems[odd]).toContain(`the queue ${queueOf(odd)}`)
    await onChannel(amqpUrl, (channel) => channel.deleteQueue(queueOf(odd)))
    await worker.consuming(2)
    await onChannel(amqpUrl, (channel) => channel.deleteQueue(queueOf(good)))
    await eventually(
      async () => worker.logs,
      (logs) => JSON.stringify(logs).includes(`The queue ${queueOf(good)} is gone`),
    )
    await worker.consuming(2)
    const messages = [odd, good].flatMap((tenant) => load(tenant, 5))
    await publishMany(amqpUrl, messages)
    await accepted(10)
    expect(idsOf(stub.accepted).sort()).toEqual(eventIds(messages))
  })

  it('sets aside a message that kills the process, and none of its neighbours', async () => {
    const tenant = newTenant()
    await declare(tenant)
    const messages = load(tenant, 30)
    const poison = rawMessage(tenant, 'task.create', '{"data":{"id":"kills-the-process"}}')
    await publishMany(amqpUrl, [poison])
    // It has come back often already: the test needs fewer crashes.
    await returnAll(tenant, 1, 14)
    await publishMany(amqpUrl, messages)
    const preload = new URL('../support/crash-on-marker.mjs', import.meta.url)
    const env = environment([tenant], { NODE_OPTIONS: `--import=${preload.href}` })
    let crashes = 0
    for (let settled = false; !settled; ) {
      const worker = start(env)
      const outcome = await Promise.race([
        worker.exited.then(() => 'crashed' as const),
        eventually(
          () => deadLettersOf(tenant),
          (count) => count === 1,
        ).then(() => 'set aside' as const),
      ])
      settled = outcome === 'set aside'
      if (!settled) crashes += 1
    }
    expect(crashes).toBeGreaterThan(3)
    await eventually(
      () => waitingIn(tenant),
      (count) => count === 0,
    )
    await accepted(30)
    expect([...new Set(idsOf(stub.accepted))].sort()).toEqual(eventIds(messages))
    await onChannel(amqpUrl, async (channel) => {
      const message = await channel.get(`${queueOf(tenant)}.dead-letter`)
      expect(message).toMatchObject({ content: Buffer.from(poison.body) })
    })
  })

  it('drains the queue of a tenant that is turned off, unbound; its queue is deleted when asked and empty', async () => {
    const tenant = newTenant()
    await declare(tenant)
    const messages = load(tenant, 10)
    await publishMany(amqpUrl, messages)
    const env = environment([])
    const unbind = ['bridge', 'unbind', '--tenant', tenant]
    const refused = await runCommand([...unbind, '--delete-empty-queues'], env)
    expect(refused).toMatchObject({ code: 3, stdout: expect.stringContaining('10 messages') })

    const worker = start({ ...env, TENANTS_FILE: tenantsFile({ [tenant]: { events: [] } }) })
    await accepted(10)
    await publishMany(amqpUrl, load(tenant, 10))
    const inUse = await runCommand([...unbind, '--delete-empty-queues'], env)
    expect(inUse).toMatchObject({ code: 3, stdout: expect.stringContaining('1 consumers') })
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(await runCommand(unbind, env)).toMatchObject({
      code: 0,
      stdout: `${tenant} is unbound\n`,
    })
    expect(await waitingIn(tenant)).toBe(0)
    const deleted = await runCommand([...unbind, '--delete-empty-queues'], env)
    expect(deleted).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        `${tenant} is unbound`,
        `deleted: ${queueOf(tenant)}`,
        `deleted: ${queueOf(tenant)}.dead-letter`,
        '',
      ].join('\n'),
    })
    expect(idsOf(stub.accepted).sort()).toEqual(eventIds(messages))
  })

  it('leaves with the broker, dead-lettered, what needs a payload bucket where there is none', async () => {
    const tenant = newTenant()
    await declare(tenant)
    const large = taskMessage(tenant, { taskTitle: 'x'.repeat(1_000_000) })
    const small = taskMessage(tenant)
    await publishMany(amqpUrl, [large, small])
    start(environment([tenant]))
    await eventually(
      () => deadLettersOf(tenant),
      (count) => count === 1,
    )
    await accepted(1)
    expect(idsOf(stub.accepted)).toEqual(eventIds([small]))
  })

  it('says in one line what is wrong with its settings, and exits with 1', async () => {
    const env = environment(['acme'])
    const { TENANTS_FILE: _, ...without } = env
    for (const [settings, line] of [
      [without, /^Missing environment variables: TENANTS_TABLE, or TENANTS_FILE\n$/],
      [
        { ...env, TENANTS_FILE: '/nowhere/tenants.yml' },
        /^TENANTS_FILE .*can't be read: ENOENT.*\n$/,
      ],
      [{ ...env, PREFETCH: 'many' }, /^Invalid environment variables: PREFETCH .*\n$/],
      [
        { ...env, CELL: 'else' },
        /^.* has no tenant with the cell else without a broker of its own: add one\n$/,
      ],
      [{ ...env, AMQP_URL: 'localhost' }, /^Invalid environment variables: AMQP_URL .*\n$/],
    ] as const) {
      expect(await runCommand(['bridge', 'run'], settings)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(line),
      })
    }
  })
})

/** Takes that many messages and gives them back, so many times. */
async function returnAll(tenant: string, count: number, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await eventually(
      () => waitingIn(tenant),
      (waiting) => waiting === count,
    )
    await onChannel(amqpUrl, async (channel) => {
      for (let taken = 0; taken < count; taken += 1) await channel.get(queueOf(tenant))
      channel.nackAll(true)
    })
  }
}
