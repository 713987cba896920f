import { randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, describe, expect, it, jest } from '@jest/globals'
import { busEvent } from '../support/bus-event.ts'
import { command } from '../support/command.ts'
import { eventually, newTenant, onChannel, runningStack, setAside } from '../support/stack.ts'

jest.setTimeout(300_000)

const { amqpUrl, cloud, deployment } = runningStack()
const table = DynamoDBDocumentClient.from(cloud.dynamoDb)
const TableName = String(deployment['NotificationsTableName'])

/** Puts an event into a dead-letter queue, as a redrive policy does. */
async function rest(tenant: string, data: object = {}): Promise<string> {
  const id = randomUUID()
  await cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: await urlOf('ecos-main-task-create-dlq'),
      MessageBody: busEvent(tenant, 'task.create', id, { id, ...data }),
      MessageGroupId: tenant,
    }),
  )
  return id
}

async function urlOf(QueueName: string): Promise<string> {
  return (await cloud.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? ''
}

async function recordOf(tenant: string, eventId: string) {
  const Key = { event: `${tenant}#task.create#${eventId}`, entry: 'event' }
  return (await table.send(new GetCommand({ TableName, Key }))).Item
}

/** Tenants of a tenants.yml, so that the command knows them when they have no dead letters. */
const tenants = Array.from({ length: 8 }, newTenant)
const nextTenant = () => tenants.pop() ?? newTenant()
const folder = mkdtempSync(join(tmpdir(), 'dlq-'))
const TENANTS_FILE = join(folder, 'tenants.yml')
const known = tenants.map((tenant) => `${tenant}: { events: [task.create] }`).join(', ')
writeFileSync(TENANTS_FILE, `tenants: { ${known} }`)
afterAll(() => rm(folder, { recursive: true }))

const list = async (...args: string[]) => {
  const { stdout } = await command(['dlq', 'list', '--json', ...args], { TENANTS_FILE })
  return JSON.parse(stdout) as { queue: string; depth: number; groups: { count: number }[] }[]
}
const resting = async (tenant: string) =>
  (await list('--tenant', tenant)).flatMap(({ groups }) => groups)

describe('what its handler gave up', () => {
  it('is listed with its reason, shown with its history, and left as it was', async () => {
    const tenant = nextTenant()
    const id = await rest(tenant)
    const failure = {
      code: 'template-failed',
      reason: 'line 3',
      tries: 5,
      at: '2026-11-25T00:00:00Z',
    }
    const event = `${tenant}#task.create#${id}`
    await table.send(new PutCommand({ TableName, Item: { event, entry: 'failure', ...failure } }))
    const queues = await list('--tenant', tenant)
    expect(queues.find(({ queue }) => queue === 'ecos-main-task-create-dlq')?.groups).toEqual([
      expect.objectContaining({
        tenant,
        type: 'task.create',
        count: 1,
        reason: 'template-failed: line 3',
      }),
    ])
    const { stdout } = await command(['dlq', 'show', '--json', '--id', id])
    expect(JSON.parse(stdout)).toMatchObject([
      { tenant, eventId: id, body: { detail: { id } }, history: { tries: 5 } },
    ])
    expect(await resting(tenant)).toHaveLength(1)
  })

  it('goes back to its handler when it is redriven, of one tenant alone, and only with --run', async () => {
    const [tenant, other] = [nextTenant(), nextTenant()]
    const id = await rest(tenant)
    await rest(other)
    const dry = await command(['dlq', 'redrive', '--tenant', tenant, '--json'])
    expect(JSON.parse(dry.stdout)).toEqual([{ queue: 'ecos-main-task-create-dlq', messages: 1 }])
    expect(await recordOf(tenant, id)).toBeUndefined()
    const run = await command(['dlq', 'redrive', '--tenant', tenant, '--run', '--json'])
    expect(JSON.parse(run.stdout)).toEqual([{ queue: 'ecos-main-task-create-dlq', messages: 1 }])
    await eventually(
      () => recordOf(tenant, id),
      (record) => record !== undefined,
    )
    expect(await resting(tenant)).toEqual([])
    expect(await resting(other)).toHaveLength(1)
    const check = (of: string) =>
      command(['dlq', 'list', '--check', '--tenant', of], { TENANTS_FILE })
    expect([(await check(tenant)).code, (await check(other)).code]).toEqual([0, 3])
  })

  it('is purged only into a file, and only when that is confirmed', async () => {
    const tenant = nextTenant()
    const id = await rest(tenant)
    const folder = await mkdtemp(join(tmpdir(), 'dlq-'))
    try {
      const args = ['dlq', 'purge', '--tenant', tenant, '--into', join(folder, 'purged.jsonl')]
      const refused = await command(args)
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--yes')])
      expect(await resting(tenant)).toHaveLength(1)
      const purged = await command([...args, '--yes', '--json'])
      expect([purged.code, JSON.parse(purged.stdout)]).toEqual([
        0,
        { removed: 1, into: join(folder, 'purged.jsonl') },
      ])
      const [line = ''] = (await readFile(join(folder, 'purged.jsonl'), 'utf8')).split('\n')
      expect(JSON.parse(line)).toMatchObject({ tenant, eventId: id, body: expect.any(String) })
      expect(await resting(tenant)).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

it('what is in the quarantine, and what the broker set aside, go back into the queue of the bridge', async () => {
  const tenant = nextTenant()
  const queue = `tenant.${tenant}.eventbridge`
  const deadLetterQueue = `${queue}.dead-letter`
  const folder = await mkdtemp(join(tmpdir(), 'dlq-'))
  const file = join(folder, 'tenants.yml')
  await writeFile(file, `tenants: { ${tenant}: { events: [task.create] } }`)
  await onChannel(amqpUrl, async (channel) => {
    await channel.assertQueue(queue)
    await channel.assertExchange(queue, 'fanout')
    await channel.bindQueue(queue, queue, '')
    await channel.assertQueue(deadLetterQueue)
    channel.sendToQueue(deadLetterQueue, Buffer.from('{"data":{"type":"task.create","id":"1"}}'))
    await channel.checkQueue(deadLetterQueue)
  })
  const record = {
    tenant,
    queue,
    reason: 'not-json',
    explanation: 'the body is not JSON',
    quarantinedAt: '2026-11-25T00:00:00Z',
    properties: { contentType: 'text/plain' },
    body: Buffer.from('rubbish \u00ff').toString('base64'),
  }
  const QueueUrl = await urlOf('ecos-main-quarantine')
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(record) }))
  const redrive = ['dlq', 'redrive', '--tenant', tenant, '--run', '--json']
  const atBroker = { AMQP_URL: amqpUrl, TENANTS_FILE: file }
  try {
    const unable = await command(redrive, { AMQP_URL: '' })
    expect([unable.code, unable.stderr]).toEqual([1, expect.stringContaining('set AMQP_URL')])
    const show = ['dlq', 'show', '--queue', deadLetterQueue, '--json']
    const looks = [await command(show, atBroker), await command(show, atBroker)]
    const [one, again] = looks.map(({ stdout }) => JSON.parse(stdout))
    expect(one).toMatchObject([{ tenant, eventId: '1' }])
    expect(again).toEqual(one)
    const done = await command(redrive, atBroker)
    expect(JSON.parse(done.stdout)).toEqual([
      { queue: 'ecos-main-quarantine', messages: 1 },
      { queue: deadLetterQueue, messages: 1 },
    ])
    const bodies = await onChannel(amqpUrl, async (channel) => {
      const first = await channel.get(queue, { noAck: true })
      const second = await channel.get(queue, { noAck: true })
      return [first, second].map((message) => message && String(message.content))
    })
    expect(bodies).toEqual(['rubbish \u00ff', '{"data":{"type":"task.create","id":"1"}}'])
    expect(await resting(tenant)).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
    await onChannel(amqpUrl, async (channel) => {
      await channel.deleteQueue(queue)
      await channel.deleteQueue(deadLetterQueue)
    })
  }
})

it('what the broker set aside in a pool is listed when the tenant has a queue of its own again', async () => {
  const tenant = nextTenant()
  const exchange = `tenant.${tenant}.events`
  const queue = 'cell.main.p20.eventbridge'
  const deadLetterQueue = `${queue}.dead-letter`
  await onChannel(amqpUrl, async (channel) => {
    await channel.assertExchange(exchange, 'topic')
    await channel.assertQueue(deadLetterQueue)
    await channel.assertQueue(queue, {
      deadLetterExchange: '',
      deadLetterRoutingKey: deadLetterQueue,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1 },
    })
    await channel.bindQueue(queue, exchange, '#')
    channel.publish(
      exchange,
      'task.create',
      Buffer.from('{"data":{"type":"task.create","id":"1"}}'),
    )
    await setAside(amqpUrl, queue, 1)
    await eventually(
      async () => (await channel.checkQueue(deadLetterQueue)).messageCount,
      (count) => count === 1,
    )
  })
  const environment = { AMQP_URL: amqpUrl, TENANTS_FILE, PARTITIONS: '21' }
  const { stdout } = await command(['dlq', 'list', '--tenant', tenant, '--json'], environment)
  await onChannel(amqpUrl, async (channel) => {
    await channel.deleteQueue(queue)
    await channel.deleteQueue(deadLetterQueue)
    await channel.deleteExchange(exchange)
  })
  const listed = JSON.parse(stdout) as { queue: string; groups: object[] }[]
  expect(listed.find((each) => each.queue === deadLetterQueue)?.groups).toEqual([
    expect.objectContaining({ tenant, type: 'task.create', count: 1 }),
  ])
})

it('shows a message by the start of its id, decoded, and refuses to change two by one start', async () => {
  const tenant = nextTenant()
  const QueueUrl = await urlOf('ecos-main-quarantine')
  const queue = `tenant.${tenant}.eventbridge`
  for (const at of [1, 2]) {
    const body = Buffer.from(JSON.stringify({ data: { type: 'x', id: `${tenant}-${at}` } }))
    const record = {
      tenant,
      queue,
      reason: 'unknown-type',
      properties: {},
      body: body.toString('base64'),
    }
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(record) }))
  }
  const show = ['dlq', 'show', '--tenant', tenant, '--json', '--id']
  const shown = JSON.parse((await command([...show, `${tenant}-1`])).stdout)
  expect(shown).toMatchObject([{ body: { body: { data: { id: `${tenant}-1` } } } }])
  const both = ['--tenant', tenant, '--id', tenant]
  expect(JSON.parse((await command(['dlq', 'show', '--json', ...both])).stdout)).toHaveLength(2)
  const redrive = await command(['dlq', 'redrive', '--run', ...both])
  expect([redrive.code, redrive.stderr]).toEqual([2, expect.stringContaining('the start of 2 ids')])
  const text = await command(['dlq', 'list', '--tenant', tenant], { TENANTS_FILE })
  expect(text.stdout).toMatch(/\n {2}2 .*unknown-type.*\n\nMessages: 2, in 1 queue\n/)
  const into = join(folder, 'start.jsonl')
  await command(['dlq', 'purge', '--tenant', tenant, '--yes', '--into', into])
})

describe('nothing found', () => {
  it('is said, and is no error', async () => {
    const tenant = ['--tenant', nextTenant()]
    const answers = await Promise.all(
      ['list', 'show', 'redrive'].map((name) =>
        command(['dlq', name, ...tenant], { TENANTS_FILE }),
      ),
    )
    expect(answers).toEqual(Array(3).fill({ code: 0, stdout: 'Nothing matches.\n', stderr: '' }))
  })

  it('of an unknown tenant is an error', async () => {
    const { code, stderr } = await command(['dlq', 'list', '--tenant', 'nobody'], { TENANTS_FILE })
    expect([code, stderr]).toEqual([1, expect.stringContaining('no tenant nobody')])
  })
})

it('an unknown cell is an error', async () => {
  const { code, stderr } = await command(['dlq', 'list', '--cell', 'elsewhere'])
  expect([code, stderr]).toEqual([1, expect.stringContaining('ecos-elsewhere-')])
})
