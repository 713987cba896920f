import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { Options } from 'amqplib'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { createRecordSender } from '../../lib/aws/quarantine.ts'
import { drain } from '../../lib/bridge/drain/drain.ts'
import type { Bus, BusEntry } from '../../lib/bridge/publish/bus.ts'
import { probe } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine } from '../../lib/bridge/quarantine.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { command } from '../support/command.ts'
import { memoryPayloads, silentLog } from '../support/memory.ts'
import { countMessages, eventually, newTenant, onChannel, runningStack } from '../support/stack.ts'

jest.setTimeout(300_000)

const { amqpUrl, cloud } = runningStack()
const tenant: Tenant = { id: newTenant(), events: ['task.create'], locale: 'ru', cell: 'main' }
const exchange = `tenant.${tenant.id}.events`
const queue = `tenant.${tenant.id}.eventbridge`
const deadLetterQueue = `${queue}.dead-letter`
const task = JSON.stringify({ data: { type: 'task.create', id: 'e1', taskPooledUsers: [] } })

let folder: string
let QueueUrl: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redrive-'))
  await writeFile(
    join(folder, 'tenants.yml'),
    `tenants: { ${tenant.id}: { events: [task.create] } }`,
  )
  const answer = await cloud.sqs.send(new GetQueueUrlCommand({ QueueName: 'ecos-main-quarantine' }))
  QueueUrl = String(answer.QueueUrl)
  await drainOnce()
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await onChannel(amqpUrl, async (channel) => {
    await channel.deleteQueue(queue)
    await channel.deleteQueue(deadLetterQueue)
    await channel.deleteExchange(exchange)
  })
})

/** A drain of the real broker into the real quarantine. */
async function drainOnce(): Promise<BusEntry[]> {
  const bridged: BusEntry[] = []
  const bus: Bus = {
    async put(entries) {
      bridged.push(...entries.filter((entry) => entry !== probe))
      return entries.map(() => ({ status: 'accepted' }))
    },
    async check() {},
  }
  const payloads = memoryPayloads()
  const quarantine = createQuarantine(createRecordSender(QueueUrl, cloud.sqs), payloads)
  const context = { publisher: createPublisher(bus), quarantine, payloads, log: silentLog }
  const broker = await connectBroker(amqpUrl)
  try {
    const deadline = AbortSignal.timeout(120_000)
    await drain({ tenants: [tenant], broker, bus, context, deadline })
    return bridged
  } finally {
    await broker.close()
  }
}

async function publish(body: string, options: Options.Publish = {}): Promise<void> {
  await onChannel(amqpUrl, async (channel) => {
    channel.publish(exchange, 'task.create', Buffer.from(body), options)
    await channel.checkQueue(queue)
  })
}

/** `dlq …` for this tenant's events of the type. */
async function dlq(name: string, ...args: string[]) {
  const env = { AMQP_URL: amqpUrl, TENANTS_FILE: join(folder, 'tenants.yml') }
  const selection = ['--tenant', tenant.id, '--type', 'task.create', '--json']
  const { stdout, stderr } = await command(['dlq', name, ...selection, ...args], env)
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

describe('a message that is sent back', () => {
  afterEach(() => onChannel(amqpUrl, (channel) => channel.purgeQueue(queue)))

  it('keeps exchange, routing key and headers in the quarantine, however often it is', async () => {
    await publish('not JSON', { headers: { origin: 'ecos' }, correlationId: 'c6' })
    for (let times = 0; times < 3; times += 1) {
      await drainOnce()
      expect(await dlq('show')).toMatchObject([
        {
          tenant: tenant.id,
          type: 'task.create',
          reason: 'not-json',
          body: {
            exchange,
            routingKey: 'task.create',
            properties: { headers: { origin: 'ecos' }, correlationId: 'c6' },
          },
        },
      ])
      expect(await dlq('redrive', '--run')).toEqual([
        { queue: 'ecos-main-quarantine', messages: 1 },
      ])
    }
  })

  it('has the reason that the broker gives, and is found by its type each time', async () => {
    // The body has no type, so only the broker knows it.
    await publish('not JSON', { expiration: '1' })
    const arrived = () =>
      eventually(
        () => countMessages(amqpUrl, deadLetterQueue),
        (count) => count === 1,
      )
    await arrived()
    expect(await dlq('show')).toMatchObject([{ type: 'task.create', reason: 'expired' }])
    expect(await dlq('redrive', '--run')).toEqual([{ queue: deadLetterQueue, messages: 1 }])
    await onChannel(amqpUrl, async (channel) => {
      const message = await channel.get(queue)
      if (message === false) throw new Error('Nothing was sent back')
      channel.reject(message, false)
      await channel.checkQueue(queue)
    })
    await arrived()
    expect(await dlq('show')).toMatchObject([{ type: 'task.create', reason: 'rejected' }])
    expect(await dlq('redrive', '--run')).toEqual([{ queue: deadLetterQueue, messages: 1 }])
  })

  it('does not expire again once it is out of the quarantine', async () => {
    await publish('not JSON', { expiration: '3600000' })
    await drainOnce()
    await dlq('redrive', '--run')
    const sentBack = await onChannel(amqpUrl, (channel) => channel.get(queue, { noAck: true }))
    if (sentBack === false) throw new Error('Nothing was sent back')
    expect(sentBack.properties.expiration).toBeUndefined()
  })

  it('is bridged when it was set aside without a fault of its own', async () => {
    await publish(task, { expiration: '1' })
    await eventually(
      () => countMessages(amqpUrl, deadLetterQueue),
      (count) => count === 1,
    )
    await dlq('redrive', '--run')
    const bridged = await drainOnce()
    expect(bridged.map(({ source, detailType }) => [source, detailType])).toEqual([
      [`ecos.${tenant.id}`, 'task.create'],
    ])
  })
})
