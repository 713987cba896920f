import { readFileSync } from 'node:fs'
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
import { connectBroker } from '../../lib/amqp/broker.ts'
import { topologyOf } from '../../lib/bridge/topology.ts'
import { type AwsStub, idsOf, startAwsStub } from '../support/aws-stub.ts'
import { startDrain } from '../support/drain.ts'
import { canStartBroker, type OwnBroker, startOwnBroker } from '../support/own-broker.ts'
import { publishMany } from '../support/publish-many.ts'
import { countMessages, eventually, newTenant, taskMessage } from '../support/stack.ts'
import { runCommand, startWorker, temporaryFolder, type Worker } from '../support/worker.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

// It is stopped and started, and speaks TLS: so it is not the one that all tests share.
const describeWithBroker = canStartBroker ? describe : describe.skip

const folder = temporaryFolder()
const workers: Worker[] = []
let broker: OwnBroker
let stub: AwsStub
let tenant: string

beforeAll(async () => {
  if (canStartBroker) broker = await startOwnBroker()
})
beforeEach(async () => {
  stub = await startAwsStub()
  tenant = newTenant()
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

/** What the worker and the function both read. */
function environment(more: Record<string, string> = {}) {
  const tenants = { [tenant]: { events: ['task.create'] } }
  return {
    CELL: 'main',
    EVENT_BUS_NAME: 'ecos-main',
    TENANTS_FILE: folder.write('tenants.yml', JSON.stringify({ tenants })),
    QUARANTINE_QUEUE_URL: `${stub.url}/000000000000/quarantine`,
    AWS_ENDPOINT_URL: stub.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...more,
  }
}

function drain(secret: string) {
  stub.secret = secret
  return startDrain(
    environment({
      AMQP_SECRET_ID: 'broker',
      MAX_PUT_EVENTS_PER_SECOND: '400',
      PAYLOAD_BUCKET: 'payloads',
    }),
  )
}

function work(env: Record<string, string>): Worker {
  const worker = startWorker(environment(env))
  workers.push(worker)
  return worker
}

const load = (count: number) => Array.from({ length: count }, () => taskMessage(tenant))

describeWithBroker('a user of the broker', () => {
  it('has the worker carry events with the permissions that the documentation names', async () => {
    const page = readFileSync('docs/deploy/README.md', 'utf8')
    const [, ...permissions] = page.match(/set_permissions bridge '(.+)' '(.+)' '(.+)'/) ?? []
    await broker.addUser('bridge', 'bridge', permissions)
    const worker = work({ AMQP_URL: broker.amqpUrl.replace('guest:guest', 'bridge:bridge') })
    await worker.consuming(1)
    await publishMany(broker.amqpUrl, load(3))
    await eventually(
      async () => stub.accepted.length,
      (length) => length === 3,
    )
  })

  it('may not read one queue: the worker names its tenant, and the others flow', async () => {
    const others = Array.from({ length: 39 }, newTenant)
    const refused = newTenant()
    const list = [refused, ...others].map((id) => [id, { events: ['task.create'] }])
    const readable = `^(?!tenant[.]${refused}[.]eventbridge$).*`
    await broker.addUser('partial', 'partial', ['.*', '.*', readable])
    const worker = work({
      AMQP_URL: broker.amqpUrl.replace('guest:guest', 'partial:partial'),
      TENANTS_FILE: folder.write(
        'forty.yml',
        JSON.stringify({ tenants: Object.fromEntries(list) }),
      ),
    })
    await worker.consuming(others.length)
    const { status } = await eventually(
      () => worker.health('/ready'),
      (answer) => answer.status.problems[refused] !== undefined,
    )
    expect(Object.keys(status.problems)).toEqual([refused])
    expect(status.problems[refused]).toContain(`tenant.${refused}.eventbridge`)
    const named = worker.logs.filter(({ message }) => message === 'A queue is not consumed')
    expect(new Set(named.map((line) => line['tenant']))).toEqual(new Set([refused]))

    const messages = others.flatMap((id) => Array.from({ length: 5 }, () => taskMessage(id)))
    await publishMany(broker.amqpUrl, messages)
    await eventually(
      async () => new Set(idsOf(stub.accepted)).size,
      (size) => size === messages.length,
    )
  })

  it('is told what to do where it has too few', async () => {
    await broker.addUser('weak', 'weak', ['^$', '^$', '^$'])
    const weak = await connectBroker(broker.amqpUrl.replace('guest:guest', 'weak:weak'))
    const topology = topologyOf({ id: tenant, events: [], locale: 'ru', cell: 'main' })
    await expect(weak.declare(topology)).rejects.toMatchObject({
      code: 'not-declared',
      message: expect.stringContaining('permissions'),
    })
    await weak.close()
  })
})

describeWithBroker('amqps with a private CA', () => {
  const trusting = () => ({ AMQP_URL: broker.amqpsUrl, AMQP_CA: broker.caFile })

  it('is spoken by the worker, which then carries events', async () => {
    const worker = work(trusting())
    await worker.consuming(1)
    const messages = load(30)
    await publishMany(broker.amqpUrl, messages)
    await eventually(
      async () => stub.accepted.length,
      (length) => length === 30,
    )
    expect(idsOf(stub.accepted).sort()).toEqual(messages.map(({ eventId }) => eventId).sort())
  })

  it('is spoken by the drain, with the CA that stands in its secret', async () => {
    const secret = JSON.stringify({ url: broker.amqpsUrl, ca: readFileSync(broker.caFile, 'utf8') })
    await drain(secret).report
    const messages = load(30)
    await publishMany(broker.amqpUrl, messages)
    expect(await drain(secret).report).toMatchObject({ bridged: 30 })
    expect(idsOf(stub.accepted).sort()).toEqual(messages.map(({ eventId }) => eventId).sort())
  })

  it('is spoken by unbind and migrate', async () => {
    const unbind = ['bridge', 'unbind', '--tenant', tenant]
    const pem = readFileSync(broker.caFile, 'utf8')
    expect(await runCommand(unbind, { ...trusting(), AMQP_CA: pem })).toMatchObject({ code: 0 })
    const plan = ['migrate', 'plan', '--tenant', tenant]
    const planned = await runCommand(plan, environment(trusting()))
    expect(planned.stdout).toContain(`Tenant ${tenant}`)
  })

  it.each([
    ['without a CA', () => undefined],
    ['with another CA of the same name', () => readFileSync(broker.otherCaFile, 'utf8')],
  ])('is refused %s', async (_, ca) => {
    const refused = connectBroker(broker.amqpsUrl, ca())
    await expect(refused).rejects.toMatchObject({ code: 'broker-not-trusted', retryable: false })
    await expect(refused).rejects.toThrow(/^RabbitMQ at localhost:\d+ is not trusted: .*AMQP_CA/)
  })

  it('is refused for a host that the certificate is not for', async () => {
    const address = broker.amqpsUrl.replace('localhost', '127.0.0.1')
    const refused = connectBroker(address, readFileSync(broker.caFile, 'utf8'))
    await expect(refused).rejects.toMatchObject({ code: 'broker-not-trusted' })
    await expect(refused).rejects.toThrow(/certificate is for another host .*127\.0\.0\.1/)
  })

  it('is refused in one line on a port without TLS', async () => {
    const refused = connectBroker(broker.amqpUrl.replace('amqp:', 'amqps:'))
    await expect(refused).rejects.toThrow(/^.*amqps:\/\/ is for the port .* speaks TLS.*$/)
  })

  it('is not given up for plain amqp where there is a CA', async () => {
    const ca = readFileSync(broker.caFile, 'utf8')
    await expect(connectBroker(broker.amqpUrl, ca)).rejects.toThrow('use amqps://')
  })

  it('is refused by the worker, which says why in its log and its health', async () => {
    const worker = work({ AMQP_URL: broker.amqpsUrl })
    const ready = await eventually(
      () => worker.health('/ready').catch(() => undefined),
      (answer) => answer?.status.broker.problem?.includes('AMQP_CA') === true,
    )
    expect(ready?.code).toBe(503)
    expect(JSON.stringify(worker.logs)).toContain('broker-not-trusted')
    expect(JSON.stringify([ready, worker.logs])).not.toContain('guest')
  })
})

/** How a broker goes down and comes back. */
const restarts = [
  {
    name: 'is stopped',
    fail: () => broker.stopApp(),
    up: () => broker.startApp(),
    queueAge: 0,
  },
  {
    name: 'is killed (kill -9)',
    fail: () => broker.crash(),
    up: () => broker.startAgain(),
    // RabbitMQ 3.10 seems to write some of a new queue late: one that was declared in the last second
    // before the broker was killed had no leader for as long as was watched, half a minute.
    queueAge: 4_000,
  },
]

describeWithBroker.each(restarts)('a broker that $name with messages in flight', (restart) => {
  const { fail, up, queueAge } = restart
  /** The bus answers nothing meanwhile, so that the load is not over before the broker is down. */
  const down = async () => {
    stub.mode = 'held'
    await fail()
    stub.mode = 'up'
  }
  const queue = () => `tenant.${tenant}.eventbridge`
  const distinct = () => [...new Set(idsOf(stub.accepted))].sort()
  const accepted = (count: number) =>
    eventually(
      async () => stub.accepted.length,
      (length) => length >= count,
    )

  async function declare(): Promise<void> {
    await drain(broker.amqpUrl).report
    await sleep(queueAge)
  }

  it('is waited for by the worker, which loses nothing; what comes twice has the same event id', async () => {
    const prefetch = 200
    const settings = { AMQP_URL: broker.amqpUrl, PREFETCH: String(prefetch), CALLS_IN_FLIGHT: '5' }
    await declare()
    const worker = work(settings)
    await worker.consuming(1)
    stub.latency = 50
    const messages = load(2_000)
    await publishMany(broker.amqpUrl, messages)
    await accepted(200)
    await down()
    const { status } = await eventually(
      () => worker.health('/ready'),
      ({ code, status }) => code === 503 && !status.broker.connected && status.inFlight === 0,
    )
    expect(distinct().length).toBeLessThan(messages.length)
    expect(status.settled.quarantined).toBe(0)
    await up()
    await eventually(
      async () => distinct().length,
      (count) => count === messages.length,
    )
    expect(distinct()).toEqual(messages.map(({ eventId }) => eventId).sort())
    // Twice comes what was accepted and not acknowledged, and what the broker had not yet written of
    // the acknowledgements: no more than was out, and as much again.
    expect(stub.accepted.length - messages.length).toBeLessThanOrEqual(2 * prefetch)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(await countMessages(broker.amqpUrl, queue())).toBe(0)
    expect(await countMessages(broker.amqpUrl, `${queue()}.dead-letter`)).toBe(0)
  })

  it('fails the drain, and the next one carries the rest', async () => {
    await declare()
    stub.latency = 100
    const messages = load(1_000)
    await publishMany(broker.amqpUrl, messages)
    const broken = expect(drain(broker.amqpUrl).report).rejects.toThrow(
      'The connection to RabbitMQ was lost',
    )
    await accepted(100)
    await down()
    await broken
    const rest = messages.length - distinct().length
    expect(rest).toBeGreaterThan(0)
    await up()
    // A quorum queue is there at once, and its messages once it has a leader.
    await eventually(
      () => countMessages(broker.amqpUrl, queue()).catch(() => 0),
      (count) => count >= rest,
    )
    expect(await drain(broker.amqpUrl).report).toMatchObject({ quarantined: 0, returned: 0 })
    expect(distinct()).toEqual(messages.map(({ eventId }) => eventId).sort())
    expect(stub.accepted.length - messages.length).toBeLessThanOrEqual(2 * 100)
    expect(await countMessages(broker.amqpUrl, queue())).toBe(0)
  })
})
