import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { connectMigration } from '../../lib/amqp/migration.ts'
import { drain } from '../../lib/bridge/drain/drain.ts'
import type { Bus, BusEntry } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine, type QuarantineRecord } from '../../lib/bridge/quarantine.ts'
import type { SampleMessage } from '../../local/demo/events-file.ts'
import { publish } from '../../local/demo/publish.ts'
import { memoryPayloads, silentLog } from '../support/memory.ts'
import { declareOld, rejectAll } from '../support/old-consumers.ts'
import {
  countMessages,
  eventually,
  newTenant,
  onChannel,
  rawMessage,
  runningStack,
  taskMessage,
} from '../support/stack.ts'

// Each calls the command, several times.
jest.setTimeout(300_000)

const { amqpUrl } = runningStack()
const events = ['task.create', 'task.assign'] as const
const newQueueOf = (tenant: string) => `tenant.${tenant}.eventbridge`

/** The exchanges that `run` declares for itself. */
const ownExchanges = (tenant: string) =>
  ['migration', 'migration.switch'].map((name) => `${newQueueOf(tenant)}.${name}`)

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrate-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** How the command is called: its arguments, and the environment that configures it. */
async function command(tenant: string, args: readonly string[], url: string) {
  const file = join(folder, `${tenant}.yml`)
  await writeFile(file, `tenants:\n  ${tenant}:\n    events: [${events.join(', ')}]\n`)
  return {
    args: ['bin/main.ts', 'migrate', ...args, '--tenant', tenant],
    env: { ...process.env, NODE_OPTIONS: '', AMQP_URL: url, TENANTS_FILE: file },
  }
}

async function migrate(tenant: string, args: readonly string[], url = amqpUrl) {
  const call = await command(tenant, args, url)
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, call.args, { env: call.env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

/** Starts the command, kills it some time after its first line, and lets the broker notice. */
async function killed(action: string, tenant: string, milliseconds: number): Promise<void> {
  const call = await command(tenant, [action], amqpUrl)
  const child = spawn(process.execPath, call.args, {
    env: call.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended])
  await Promise.race([sleep(milliseconds), ended])
  child.kill('SIGKILL')
  await ended
  for (const queue of [`tenant.${tenant}.notification`, newQueueOf(tenant)]) {
    await eventually(
      () => onChannel(amqpUrl, (channel) => channel.checkQueue(queue)),
      ({ consumerCount }) => consumerCount === 0,
    )
  }
}

/** The bridge's own drain, with a bus that takes everything. */
async function bridge(tenant: string) {
  const bridged: BusEntry[] = []
  const quarantined: QuarantineRecord[] = []
  const bus: Bus = {
    async put(entries) {
      bridged.push(...entries)
      return entries.map(() => ({ status: 'accepted' }))
    },
    async check() {},
  }
  const payloads = memoryPayloads()
  const quarantine = createQuarantine(async (record) => void quarantined.push(record), payloads)
  const broker = await connectBroker(amqpUrl)
  try {
    await drain({
      tenants: [{ id: tenant, events, locale: 'ru', cell: 'main' }],
      broker,
      bus,
      context: { publisher: createPublisher(bus), quarantine, payloads, log: silentLog },
      deadline: AbortSignal.timeout(120_000),
    })
  } finally {
    await broker.close()
  }
  return {
    ids: bridged.map(({ detail }) => JSON.parse(String(detail)).id as string).sort(),
    quarantined,
  }
}

const idsOf = (messages: readonly SampleMessage[]) => messages.map(({ eventId }) => eventId).sort()
const tasks = (tenant: string, count: number) =>
  Array.from({ length: count }, (_, index) => taskMessage(tenant, {}, events[index % 2]))

/** Which of the queues and exchanges are at the broker. */
async function present(names: { queues: string[]; exchanges?: string[] }): Promise<string[]> {
  const broker = await connectMigration(amqpUrl)
  const found: string[] = []
  for (const queue of names.queues) if (await broker.countQueue(queue)) found.push(queue)
  for (const each of names.exchanges ?? []) if (await broker.hasExchange(each)) found.push(each)
  await broker.close()
  return found
}

/** Publishes some messages each few milliseconds, without a gap in which a queue could be empty. */
function stream(tenant: string): { stop(): Promise<SampleMessage[]> } {
  const published: SampleMessage[] = []
  let stopped = false
  const publishing = onChannel(amqpUrl, async (channel) => {
    while (!stopped) {
      const message = taskMessage(tenant)
      channel.publish(message.exchange, message.routingKey, Buffer.from(message.body))
      published.push(message)
      await sleep(2)
    }
    await channel.close()
    return published
  })
  return {
    stop() {
      stopped = true
      return publishing
    },
  }
}

/** Has a consumer reject everything in a queue until it was rejected that often. */
async function poison(queue: string, times: number): Promise<void> {
  const consumer = await rejectAll(amqpUrl, queue)
  await eventually(
    async () => consumer.rejected(),
    (rejected) => rejected >= times,
  )
  await consumer.stop()
}

/** A way to the broker that is cut after so many bytes from there. */
async function cutLine(url: string, bytes: number) {
  const { hostname, port: brokerPort } = new URL(url)
  let left = bytes
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(brokerPort), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    near.pipe(far)
    far.pipe(near)
    far.on('data', ({ length }) => {
      left -= length
      if (left < 0) for (const socket of sockets) socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const here = new URL(url)
  here.port = String(port)
  const close = () => new Promise((resolve) => server.close(resolve))
  return { url: here.href, close }
}

describe('migrate plan', () => {
  it('shows what is there and what is in the way, and changes nothing', async () => {
    const tenant = newTenant()
    const { workQueue, retryQueue, retryExchange } = await declareOld(amqpUrl, tenant)
    await publish(amqpUrl, tasks(tenant, 3))
    const consumer = await onChannel(amqpUrl, async (channel) => {
      await channel.prefetch(1)
      await channel.consume(workQueue, () => undefined)
      return migrate(tenant, ['plan', '--json'])
    })
    expect(consumer.code).toBe(0)
    const plan = JSON.parse(consumer.stdout)
    expect(plan).toMatchObject({
      tenant,
      parts: [
        { name: workQueue, found: true, messages: 2, consumers: 1 },
        { name: retryExchange, found: true },
        { name: retryQueue, found: true, messages: 0, consumers: 0 },
        { name: newQueueOf(tenant), found: false },
      ],
      obstacles: [{ code: 'queue-in-use' }],
    })
    expect(await countMessages(amqpUrl, workQueue)).toBe(3)
    expect(await present({ queues: [newQueueOf(tenant)] })).toEqual([])
    const { stdout } = await migrate(tenant, ['plan'])
    expect(stdout).toContain(`${workQueue}: 3 messages, 0 consumers`)
    expect(stdout).not.toContain('In the way')
  })

  it('says in one line what is wrong', async () => {
    const tenant = newTenant()
    const wrongs = [
      [await migrate(tenant, ['run']), `There is no queue tenant.${tenant}.notification`],
      [await migrate(tenant, ['run', '--queue', 'eventbridge']), "can't be the name of an old"],
      [await migrate(tenant, ['plan'], 'amqp://127.0.0.1:1'), "127.0.0.1:1 can't be reached"],
      [await migrate(tenant, ['rollback']), `tenant.${tenant}.notification does not exist`],
    ] as const
    for (const [{ code, stdout, stderr }, problem] of wrongs) {
      expect({ code, stdout, lines: stderr.split('\n').length }).toEqual({
        code: 1,
        stdout: '',
        lines: 2,
      })
      expect(stderr).toContain(problem)
    }
    expect(await present({ queues: [newQueueOf(tenant)] })).toEqual([])
  })
})

describe('migrate run', () => {
  it('moves each event once out of queues that multiplied it, and leaves another tenant alone', async () => {
    const [tenant, other] = [newTenant(), newTenant()]
    const old = await declareOld(amqpUrl, tenant, { ttl: 1_500 })
    const second = await declareOld(amqpUrl, tenant, { queueName: 'history', ttl: 100 })
    const untouched = await declareOld(amqpUrl, other)
    const unreadable = rawMessage(tenant, 'task.create', 'no JSON')
    const unknown = rawMessage(tenant, 'comment.deleted', '{"data":{"type":"comment.deleted"}}')
    const record = rawMessage(
      tenant,
      'record.create',
      '{"data":{"id":null,"type":"record.create"}}',
    )
    const bad = [...tasks(tenant, 5), unreadable]
    await publish(amqpUrl, [...bad, ...tasks(other, 4)])

    // Messages that the second consumer rejects come back to both queues, again and again.
    await poison(second.workQueue, 60)
    await poison(old.workQueue, 40)
    await eventually(
      () => countMessages(amqpUrl, second.retryQueue),
      (count) => count === 0,
    )
    const good = [...tasks(tenant, 50), record, unknown]
    await publish(amqpUrl, good)
    // What goes from one to the other between the two counts is in neither.
    const inOld = await eventually(
      async () =>
        (await countMessages(amqpUrl, old.workQueue)) +
        (await countMessages(amqpUrl, old.retryQueue)),
      (count) => count > 90,
    )

    const { code, stdout } = await migrate(tenant, ['run', '--json'])
    expect(code).toBe(0)
    const { moved, copies, steps } = JSON.parse(stdout)
    expect(moved).toBe(bad.length + good.length)
    expect(copies).toBeGreaterThanOrEqual(inOld - moved)
    expect(steps.map(({ step }: { step: string }) => step)).toEqual([
      'declared',
      'retry-unbound',
      'retry-emptied',
      'new-bound',
      'old-unbound',
      'moved',
    ])
    expect(await countMessages(amqpUrl, old.workQueue)).toBe(0)
    expect(await countMessages(amqpUrl, old.retryQueue)).toBe(0)

    const later = tasks(tenant, 4)
    await publish(amqpUrl, later)
    expect(await countMessages(amqpUrl, old.workQueue)).toBe(0)
    const { ids, quarantined } = await bridge(tenant)
    const readable = [...bad, ...good, ...later].filter(
      (message) => message !== unreadable && message !== unknown,
    )
    expect(ids).toEqual(idsOf(readable))
    expect(quarantined.map(({ reason, routingKey }) => `${reason} ${routingKey}`).sort()).toEqual([
      'not-json task.create',
      'unknown-type comment.deleted',
    ])
    expect(await countMessages(amqpUrl, untouched.workQueue)).toBe(4)
  })

  it('carries each event once that is published while the binding changes', async () => {
    const tenant = newTenant()
    await declareOld(amqpUrl, tenant, { ttl: 200 })
    const live = stream(tenant)
    expect(await migrate(tenant, ['run'])).toMatchObject({ code: 0, stderr: '' })
    const published = await live.stop()
    expect((await bridge(tenant)).ids).toEqual(idsOf(published))
  })

  it('moves each event once while the retry queue expires under it', async () => {
    const tenant = newTenant()
    const { workQueue, retryQueue } = await declareOld(amqpUrl, tenant, { ttl: 1_000 })
    const published = tasks(tenant, 2_000)
    await publish(amqpUrl, published)
    await poison(workQueue, 2_000)
    expect(await migrate(tenant, ['run'])).toMatchObject({ code: 0, stderr: '' })
    expect(await countMessages(amqpUrl, retryQueue)).toBe(0)
    expect((await bridge(tenant)).ids).toEqual(idsOf(published))
  })

  it('says so when the connection is lost, and finishes when run again', async () => {
    const tenant = newTenant()
    const { workQueue } = await declareOld(amqpUrl, tenant)
    const published = tasks(tenant, 1_000)
    await publish(amqpUrl, published)
    // The first bytes get through; then the line is cut, with messages on their way.
    const line = await cutLine(amqpUrl, 180_000)
    const cut = await migrate(tenant, ['run'], line.url)
    await line.close()
    expect(cut.code).toBe(1)
    expect(cut.stderr).toMatch(/^The connection to RabbitMQ was lost.*\n$/)
    await eventually(
      () => onChannel(amqpUrl, (channel) => channel.checkQueue(workQueue)),
      ({ consumerCount }) => consumerCount === 0,
    )
    expect(await migrate(tenant, ['run'])).toMatchObject({ code: 0, stderr: '' })
    expect(await countMessages(amqpUrl, workQueue)).toBe(0)
    expect([...new Set((await bridge(tenant)).ids)]).toEqual(idsOf(published))
  })

  it('refuses while old consumers are attached, and competes with them when forced', async () => {
    const tenant = newTenant()
    const { workQueue } = await declareOld(amqpUrl, tenant)
    await onChannel(amqpUrl, async (channel) => {
      await channel.consume(workQueue, () => undefined)
      const refused = await migrate(tenant, ['run'])
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toContain(`${workQueue} is consumed (consumers: 1)`)
      expect(await present({ queues: [newQueueOf(tenant)] })).toEqual([])
      expect(await migrate(tenant, ['run', '--force'])).toMatchObject({ code: 0 })
    })
    const message = taskMessage(tenant)
    await publish(amqpUrl, [message])
    expect((await bridge(tenant)).ids).toEqual([message.eventId])
  })

  it('killed at any point and run again, it finishes, and no event is lost', async () => {
    const tenant = newTenant()
    const { workQueue, retryQueue } = await declareOld(amqpUrl, tenant, { ttl: 1_000 })
    const published = tasks(tenant, 1_000)
    await publish(amqpUrl, published)
    await poison(workQueue, 500)
    for (let kill = 0; kill < 5; kill += 1) {
      await killed('run', tenant, Math.random() * 250)
      const more = tasks(tenant, 20)
      await publish(amqpUrl, more)
      published.push(...more)
    }
    expect(await migrate(tenant, ['run'])).toMatchObject({ code: 0, stderr: '' })
    expect(await countMessages(amqpUrl, workQueue)).toBe(0)
    expect(await countMessages(amqpUrl, retryQueue)).toBe(0)
    const { ids } = await bridge(tenant)
    expect([...new Set(ids)]).toEqual(idsOf(published))
  })

  it('deletes the old parts when asked, and then there is no way back', async () => {
    const tenant = newTenant()
    const { workQueue, retryQueue, retryExchange } = await declareOld(amqpUrl, tenant)
    const messages = tasks(tenant, 10)
    await publish(amqpUrl, messages)
    expect(await migrate(tenant, ['run', '--delete-old'])).toMatchObject({ code: 0, stderr: '' })
    const gone = {
      queues: [workQueue, retryQueue],
      exchanges: [retryExchange, ...ownExchanges(tenant)],
    }
    expect(await present(gone)).toEqual([])
    const { code, stderr } = await migrate(tenant, ['rollback'])
    expect(code).toBe(1)
    expect(stderr).toContain('there is no way back')
    expect((await bridge(tenant)).ids).toEqual(idsOf(messages))
  })
})

describe('migrate rollback', () => {
  it('brings the old queue back with what was not bridged yet, and can be run over again', async () => {
    const tenant = newTenant()
    const { workQueue, retryQueue } = await declareOld(amqpUrl, tenant)
    const before = tasks(tenant, 30)
    await publish(amqpUrl, before)
    expect(await migrate(tenant, ['run'])).toMatchObject({ code: 0 })
    const between = tasks(tenant, 10)
    await publish(amqpUrl, between)
    expect(await migrate(tenant, ['rollback'])).toMatchObject({ code: 0, stderr: '' })
    const after = tasks(tenant, 5)
    await publish(amqpUrl, after)
    expect(await countMessages(amqpUrl, newQueueOf(tenant))).toBe(0)
    expect(await countMessages(amqpUrl, workQueue)).toBe(45)
    await poison(workQueue, 45)
    expect(await countMessages(amqpUrl, retryQueue)).toBe(45)

    expect(await migrate(tenant, ['run'])).toMatchObject({ code: 0 })
    expect((await bridge(tenant)).ids).toEqual(idsOf([...before, ...between, ...after]))
  })

  it('killed at any point and run again, it finishes, and no event is lost', async () => {
    const tenant = newTenant()
    const { workQueue } = await declareOld(amqpUrl, tenant)
    const published = tasks(tenant, 500)
    await publish(amqpUrl, published)
    expect(await migrate(tenant, ['run'])).toMatchObject({ code: 0 })
    for (let kill = 0; kill < 3; kill += 1) {
      await killed('rollback', tenant, Math.random() * 150)
      const more = tasks(tenant, 20)
      await publish(amqpUrl, more)
      published.push(...more)
    }
    expect(await migrate(tenant, ['rollback'])).toMatchObject({ code: 0, stderr: '' })
    expect(await countMessages(amqpUrl, newQueueOf(tenant))).toBe(0)
    expect(await countMessages(amqpUrl, workQueue)).toBeGreaterThanOrEqual(published.length)
    expect(await migrate(tenant, ['run'])).toMatchObject({ code: 0 })
    expect((await bridge(tenant)).ids).toEqual(idsOf(published))
  })
})
