import { resolve } from 'node:path'
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  ListEventSourceMappingsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { tapBus } from '../../lib/aws/cell/event-tap.ts'
import type { QuarantineRecord } from '../../lib/bridge/quarantine.ts'
import type { SampleMessage } from '../../local/demo/events-file.ts'
import { publish } from '../../local/demo/publish.ts'
import { readTenants } from '../../local/demo/run-tenants.ts'
import { type RabbitMqBatch, withBatch } from '../support/amazon-mq-source.ts'
import { type BusStub, startBusStub } from '../support/bus.ts'
import { fixtures } from '../support/journey.ts'
import { resting } from '../support/resting.ts'
import {
  countMessages,
  eventually,
  onChannel,
  rawMessage,
  runningStack,
  taskMessage,
} from '../support/stack.ts'
import { runCommand } from '../support/worker.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

const { amqpUrl, cloud, deployment } = runningStack()
const FunctionName = 'ecos-main-bridge-amazon-mq'
const tenantsFile = 'test/fixtures/tenants.yml'
const tenant = 'at-amazon-mq'
const queue = `tenant.${tenant}.eventbridge`
const tenants = await readTenants(tenantsFile)
const brokerArn = tenants.find(({ id }) => id === tenant)?.broker?.amazonMq ?? ''

const declare = (broker: string, url = amqpUrl) =>
  runCommand(['bridge', 'declare', '--broker', broker], {
    AMQP_URL: url,
    TENANTS_FILE: resolve(tenantsFile),
  })

async function invoke(event: unknown): Promise<{ failed: boolean; answer: unknown }> {
  const { FunctionError, Payload } = await cloud.lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  )
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString())
  return { failed: FunctionError !== undefined, answer }
}

/** One turn of Lambda's source: all that waits in the queue as a batch, settled as a whole. */
async function turn(): Promise<{ batch: RabbitMqBatch; failed: boolean; answer: unknown }> {
  let result: { batch: RabbitMqBatch; failed: boolean; answer: unknown } | undefined
  await withBatch(amqpUrl, queue, brokerArn, async (batch) => {
    result = { batch, ...(await invoke(batch)) }
    return !result.failed
  })
  if (result === undefined) throw new Error('There was no batch')
  return result
}

/** What is in the quarantine of a tenant and for a reason, once there is some. */
async function quarantined(of: string, reason: string): Promise<QuarantineRecord[]> {
  const isMeant = (body: string) => {
    const record = JSON.parse(body)
    return record.tenant === of && record.reason === reason
  }
  const messages = await resting(deployment['QuarantineQueueUrl'], isMeant)
  return messages.map(({ Body = '' }) => JSON.parse(Body))
}

const textOf = ({ body = '' }: QuarantineRecord) => Buffer.from(body, 'base64').toString()

const bad = (text: string) => rawMessage(tenant, 'task.create', text)
const idsOf = (messages: readonly SampleMessage[]) => messages.map(({ eventId }) => eventId).sort()

type Detail = { id: string; type: string; tenantid: string; data: unknown }

let declared: Awaited<ReturnType<typeof declare>>
beforeAll(async () => {
  declared = await declare('cloud')
})
afterEach(() => onChannel(amqpUrl, (channel) => channel.purgeQueue(queue)))

describe('bridge declare', () => {
  it('names the queues that it declared, with their event types', () => {
    expect(declared).toEqual({
      code: 0,
      stdout: `${queue}: task.create, task.assign, task.complete, task.delete\n`,
      stderr: '',
    })
  })

  it('refuses a broker that no tenant has, and another virtual host', async () => {
    expect(await declare('clod')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has the broker clod'),
    })
    const { host, username, password } = new URL(amqpUrl)
    const elsewhere = `amqp://${username}:${password}@${host}/elsewhere`
    expect(await declare('cloud', elsewhere)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has the virtual host elsewhere'),
    })
  })
})

describe('the function that Amazon MQ feeds', () => {
  it('has a source for the queue, and no drain takes the messages', async () => {
    const { EventSourceMappings = [] } = await cloud.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName }),
    )
    expect(EventSourceMappings.map(({ EventSourceArn }) => EventSourceArn)).toEqual([brokerArn])
    await publish(amqpUrl, [taskMessage(tenant)])
    await cloud.lambda.send(
      new InvokeCommand({ FunctionName: deployment['BridgeDrainFunctionName'] ?? '' }),
    )
    expect(await countMessages(amqpUrl, queue)).toBe(1)
  })

  it('carries what the real producer sends to the bus, and the unreadable to the quarantine', async () => {
    const tap = await tapBus(cloud, deployment['BusName'] ?? '', { owner: 'test' })
    try {
      const recorded = (await fixtures()).filter(({ routingKey }) => routingKey.startsWith('task.'))
      const events = recorded.map(({ routingKey, body }) => rawMessage(tenant, routingKey, body))
      await publish(amqpUrl, [...events, bad('no JSON at all')])
      expect(await turn()).toMatchObject({
        failed: false,
        answer: { bridged: events.length, quarantined: 1, known: 0 },
      })
      // Of all that passes the bus, a call takes a bounded number.
      const own: { detail: Detail; 'detail-type': string }[] = []
      await eventually(
        async () => {
          const passed = (await tap.take()).map((text) => JSON.parse(text))
          return own.push(...passed.filter(({ source }) => source === `ecos.${tenant}`))
        },
        (count) => count >= events.length,
      )
      expect(own.map(({ detail }) => detail.id).sort()).toEqual(idsOf(events))
      for (const { detail, 'detail-type': type } of own) {
        const { body, routingKey } = events.find(({ eventId }) => eventId === detail.id) ?? {}
        expect([type, detail.type, detail.tenantid]).toEqual([routingKey, routingKey, tenant])
        expect(detail.data).toEqual(JSON.parse(body ?? '').data)
      }
      const records = await quarantined(tenant, 'not-json')
      expect(records.map(textOf)).toEqual(['no JSON at all'])
      expect(records[0]).toMatchObject({ queue, properties: { contentType: 'text/plain' } })
      expect(await countMessages(amqpUrl, queue)).toBe(0)
    } finally {
      await tap.remove()
    }
  })

  it('quarantines what comes out of a queue that is no tenant’s, and goes on', async () => {
    const stray = taskMessage('nobody').body
    const message = { redelivered: false, data: Buffer.from(stray).toString('base64') }
    const rmqMessagesByQueue = { 'tenant.nobody.eventbridge::/': [message] }
    const event = { eventSource: 'aws:rmq', eventSourceArn: brokerArn, rmqMessagesByQueue }
    expect(await invoke(event)).toEqual({
      failed: false,
      answer: { bridged: 0, quarantined: 1, known: 0 },
    })
    const records = await quarantined('-', 'unknown-tenant')
    expect(records).toMatchObject([
      { reason: 'unknown-tenant', queue: 'tenant.nobody.eventbridge' },
    ])
    expect(records.map(textOf)).toEqual([stray])
  })
})

describe('a batch of which the bus fails an event', () => {
  let stub: BusStub
  let before: { Timeout: number; Environment: { Variables: Record<string, string> } }

  /** The function leaves 30 s before its time-out for the end: so it gives up after 10 s. */
  beforeAll(async () => {
    stub = await startBusStub()
    const { Timeout = 0, Environment } = await cloud.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    )
    before = { Timeout, Environment: { Variables: Environment?.Variables ?? {} } }
    const Variables = {
      ...before.Environment.Variables,
      AWS_ENDPOINT_URL_EVENTBRIDGE: stub.endpoint,
    }
    await configure({ Timeout: 40, Environment: { Variables } })
  })
  afterAll(async () => {
    await configure(before)
    await stub.stop()
  })

  const configure = (configuration: typeof before) =>
    cloud.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...configuration }))

  it('fails as a whole, comes again, and then only that event is sent', async () => {
    const events = [
      ...Array.from({ length: 24 }, () => taskMessage(tenant)),
      // Without an id of its own.
      taskMessage(tenant, { id: null, taskTitle: 'No id' }),
    ]
    await publish(amqpUrl, [...events, bad('no JSON, once')])
    await stub.script({ refuse: { text: 'No id', code: 'InternalFailure' } })
    const first = await turn()
    expect(first).toMatchObject({
      failed: true,
      answer: { errorMessage: expect.stringMatching(/^1 of 26 messages are not settled/) },
    })
    const { accepted: atFirst } = await stub.ledger()
    expect(Object.keys(atFirst)).toHaveLength(events.length - 1)
    expect(await countMessages(amqpUrl, queue)).toBe(events.length + 1)

    await stub.script({})
    const second = await turn()
    expect(second).toMatchObject({
      failed: false,
      answer: { bridged: 1, quarantined: 0, known: events.length },
    })
    const [messages = []] = Object.values(second.batch.rmqMessagesByQueue)
    expect(messages.every(({ redelivered }) => redelivered)).toBe(true)
    const { accepted: then } = await stub.ledger()
    expect([...Object.keys(atFirst), ...Object.keys(then)].sort()).toEqual(idsOf(events))
    expect(new Set([...Object.values(atFirst), ...Object.values(then)])).toEqual(new Set([1]))
    expect(await countMessages(amqpUrl, queue)).toBe(0)
    const isOnce = (body: string) => textOf({ body: '', ...JSON.parse(body) }) === 'no JSON, once'
    expect(await resting(deployment['QuarantineQueueUrl'], isOnce)).toHaveLength(1)
  })
})
