import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Context, SQSRecord } from 'aws-lambda'
import { tapBus } from '../../lib/aws/cell/event-tap.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import type { EventType } from '../../lib/events/catalogue.ts'
import { ExactNumber } from '../../lib/events/exact-number.ts'
import { onEcosEvent, type TenantEvent } from '../../lib/index.ts'
import { action } from '../../lib/notifications/subscriptions/subscriptions.ts'
import { events2Types } from '../../lib/tenants/events-2.ts'
import { connectZooKeeper, type ZooKeeper } from '../../lib/zookeeper/zookeeper.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { publish } from '../../local/demo/publish.ts'
import { type Mail, readMails } from '../../local/mail.ts'
import type { ZooKeeperPart } from '../../local/zookeeper.ts'
import { javaBodies } from '../support/java-bodies.ts'
import { send } from '../support/source-2.ts'
import { eventually, rawMessage, runningStack } from '../support/stack.ts'
import { startWorker, temporaryFolder, type Worker } from '../support/worker.ts'
import { newZooKeeper } from '../support/zookeeper.ts'

/**
 * Bodies of events 2.0 as a Java client wrote them, from the broker to the mailbox and into a tenant's
 * function: a worker takes them, and the deployed cell notifies.
 */
const { amqpUrl, awsEndpoint, cloud, deployment, inboxUrl } = runningStack()
const seconds = 1000
const tenant = 'java'
const target = 'ecos-eventbridge-java'
const folder = temporaryFolder()
const bodies = javaBodies()
/** What the worker logs for each call of the bus that failed. */
const paused = 'EventBridge is failing; publishing is paused'
let zooKeeper: ZooKeeperPart
let sources: ZooKeeper
let worker: Worker

beforeAll(async () => {
  zooKeeper = await newZooKeeper()
  sources = await connectZooKeeper(zooKeeper.servers)
  await subscribe()
  worker = startWorker({
    ...cloudEnvironment(awsEndpoint),
    AMQP_URL: amqpUrl,
    EVENT_BUS_NAME: deployment['BusName'] ?? '',
    QUARANTINE_QUEUE_URL: deployment['QuarantineQueueUrl'] ?? '',
    PAYLOAD_BUCKET: deployment['PayloadBucketName'] ?? '',
    ZOOKEEPER_SERVERS: zooKeeper.servers,
    TENANTS_FILE: folder.write(
      'tenants.yml',
      JSON.stringify({
        tenants: {
          [tenant]: {
            wire: ['1.0', '2.0'],
            events: [...events2Types, 'record.create', 'record.update'],
            recordEvents: { 'record-changed': { attributes: ['any'] } },
          },
        },
      }),
    ),
  })
  for (const type of events2Types) {
    await eventually(() => sources.exists(`/ecos/events/${type}/${target}`), Boolean)
  }
}, 480 * seconds)

afterAll(async () => {
  worker?.signal('SIGTERM')
  await worker?.exited
  await sources?.close()
  await zooKeeper?.stop()
  folder.remove()
}, 300 * seconds)

/** Two people, one for each language, and one who is told the value of the attribute `any`. */
async function subscribe(): Promise<void> {
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const book = createSubscriptionBook(deployment['SubscriptionsTableName'] ?? '', client)
  const add = (username: string, eventType: EventType, fields: object = {}) =>
    book.change({ tenant, username, eventType }, () => [
      action.parse({ channel: 'email', address: `${username}@java.example`, ...fields }),
    ])
  for (const type of events2Types) {
    await add('ru', type, { locale: 'ru' })
    await add('en', type, { locale: 'en' })
  }
  const customData = { any: 'attributes.any' }
  await add('any', 'record-changed', { locale: 'en', template: 'any-value', customData })
}

async function mailsTo(username: string): Promise<Mail[]> {
  const address = `${username}@java.example`
  return (await readMails(inboxUrl)).filter(({ to }) => to.some((one) => one.address === address))
}

/** Waits for so many mails. More would be a mistake, too. */
async function mailed(username: string, count: number): Promise<Mail[]> {
  await eventually(
    () => mailsTo(username),
    (mails) => mails.length >= count,
  )
  return mailsTo(username)
}

const changed = bodies.filter(({ type }) => type === 'record-changed')
const titleOf = (attributes: Readonly<Record<string, unknown>>) => String(attributes['record?disp'])

describe('the bodies of a Java client', () => {
  it(
    'all reach the mailboxes in both languages, and a function of the tenant',
    async () => {
      const tap = await tapBus(cloud, deployment['BusName'] ?? '', {
        owner: 'test',
        retentionSeconds: 3_600,
      })
      const handled: TenantEvent[] = []
      try {
        await send(
          amqpUrl,
          bodies.map(({ body }) => ({ key: target, body })),
        )
        const run = tenantFunction(handled)
        await eventually(
          async () => {
            for (const event of await tap.take()) await run(event)
            return new Set(handled.map(({ id }) => id)).size
          },
          (count) => count >= bodies.length,
        )
      } finally {
        await tap.remove()
      }
      const ids = new Set(handled.map(({ id }) => id))
      expect([...ids].sort()).toEqual(bodies.map(({ id }) => id).sort())
      // A call that the busy local AWS leaves without an answer is made again, with all of its ten events.
      const failedCalls = worker.logs.filter(({ message }) => message === paused)
      expect(handled.length - ids.size).toBeLessThanOrEqual(10 * failedCalls.length)
      for (const { id, type, source, user, attributes } of bodies) {
        const event = handled.find((one) => one.id === id)
        const { any: _, ...named } = attributes
        expect(event).toMatchObject({ type, data: { source, user, attributes: named } })
      }

      const subjects = async (username: string) =>
        (await mailed(username, bodies.length)).map(({ subject }) => subject).sort()
      expect(await subjects('ru')).toEqual(bodies.map(russianSubject).sort())
      expect(await subjects('en')).toEqual(bodies.map(englishSubject).sort())
    },
    480 * seconds,
  )

  it.each([
    [
      'ru',
      'Новая запись: Договор №1',
      ['Создана новая запись.', 'Запись: Договор №1', 'Тип: Договор', 'Кто: иванов'],
    ],
    ['en', 'New record: Договор №1', ['Record: Договор №1', 'By: иванов']],
    ['ru', 'Изменена запись: Договор №2', ['Сумма: 100 → 150', 'Кто: иванов']],
    ['en', 'Record changed: Договор №2', ['Сумма: 100 → 150', 'By: иванов']],
    ['ru', 'Новый статус «Подписан»: Договор №3', ['Статус: Черновик → Подписан']],
    ['en', 'New status “Подписан”: Договор №3', ['Status: Черновик → Подписан']],
    ['ru', 'Удалена запись: Договор №4', ['Запись: Договор №4']],
    ['en', 'Record deleted: Договор №4', ['Record: Договор №4']],
    ['ru', 'Новая запись: Договор №5', ['Запись: Договор №5']],
    ['ru', 'Новая запись: Договор №t', ['27 ноября 2026']],
  ])('%s reads "%s"', async (username, subject, words) => {
    const mails = (await mailsTo(username)).filter((mail) => mail.subject === subject)
    expect(mails.length).toBeGreaterThan(0)
    for (const { text = '', html = '' } of mails) {
      for (const word of words) expect(text).toContain(word)
      expect(html).not.toContain('[object')
      // A record has a title here, so nobody reads its reference.
      expect(text + html).not.toContain('emodel/contract@')
    }
  })

  it('show the value of an attribute as it was sent', async () => {
    const texts = (await mailed('any', changed.length)).map(({ text = '' }) => text.trim())
    for (const { label, attributes } of changed) {
      // The local bus is written in Python, which rounds a decimal of 21 digits.
      if (label === 'decimal 12345678901234567890.5') continue
      const value = mailText(attributes['any'] ?? '')
      expect(texts.some((text) => text.startsWith(`any=${value}`.trim()))).toBe(true)
    }
    expect(texts).toHaveLength(changed.length)
  })
})

/** As a template writes a value, as far as a mail shows a long one, without control characters. */
function mailText(value: unknown): string {
  const isObject = typeof value === 'object' && !(value instanceof ExactNumber)
  return (isObject ? JSON.stringify(value) : String(value)).replaceAll('\u0001', '').slice(0, 200)
}

describe('a change that both wires announce', () => {
  it(
    'under one name and id is told once',
    async () => {
      const [java] = bodies.filter(({ label }) => label === 'changed')
      if (java === undefined) throw new Error('no such body')
      const before = (await mailsTo('ru')).length
      const { id, type, attributes } = java
      const data = { id, type, docId: attributes['record?id'], attributes }
      await publish(amqpUrl, [rawMessage(tenant, type, JSON.stringify({ data }))])
      await send(amqpUrl, [{ key: target, body: java.body }])
      // What comes after them on either wire comes after them to the mailbox.
      const marker = `Marker ${randomUUID()}`
      const last = { ...data, id: randomUUID(), attributes: { title: marker } }
      await publish(amqpUrl, [rawMessage(tenant, type, JSON.stringify({ data: last }))])
      await eventually(
        () => mailsTo('ru'),
        (mails) => mails.some(({ subject }) => subject.includes(marker)),
      )
      await worker.health('/ready')
      expect(await mailsTo('ru')).toHaveLength(before + 1)
    },
    300 * seconds,
  )

  it('under two names comes over 2.0 alone: 1.0 has no queue for it any more', async () => {
    const lines = readFileSync('test/fixtures/events-1.0.jsonl', 'utf8').trim().split('\n')
    const real = lines
      .map((line) => JSON.parse(line))
      .find((one) => one.routingKey === 'record.update')
    const message = rawMessage(tenant, 'record.update', real.body)
    expect(await publish(amqpUrl, [message])).toEqual(new Set([message]))
  })
})

/** A tenant's function as Lambda calls it, with what the bus has put into its queue. */
function tenantFunction(handled: TenantEvent[]) {
  Object.assign(process.env, {
    ...cloudEnvironment(awsEndpoint),
    ECOS_TENANT: tenant,
    PAYLOAD_BUCKET: deployment['PayloadBucketName'],
    QUEUE_URL: deployment['QuarantineQueueUrl'],
    MAX_RECEIVE_COUNT: '3',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  })
  const keep = async (event: TenantEvent) => void handled.push(event)
  const handler = onEcosEvent(
    Object.fromEntries(events2Types.map((type) => [type, keep])) as Record<EventType, typeof keep>,
  )
  return async (body: string) => {
    if (JSON.parse(body).source !== `ecos.${tenant}`) return
    const attributes = { ApproximateReceiveCount: '1' }
    const Records = [{ messageId: randomUUID(), body, attributes } as SQSRecord]
    const context = { functionName: 'f', awsRequestId: 'r' } as Context
    expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] })
  }
}

function russianSubject({ type, attributes }: (typeof bodies)[number]): string {
  const title = titleOf(attributes)
  switch (type) {
    case 'record-created':
      return `Новая запись: ${title}`
    case 'record-changed':
      return `Изменена запись: ${title}`
    case 'record-deleted':
      return `Удалена запись: ${title}`
    default:
      return `Новый статус «${attributes['after?disp']}»: ${title}`
  }
}

function englishSubject({ type, attributes }: (typeof bodies)[number]): string {
  const title = titleOf(attributes)
  switch (type) {
    case 'record-created':
      return `New record: ${title}`
    case 'record-changed':
      return `Record changed: ${title}`
    case 'record-deleted':
      return `Record deleted: ${title}`
    default:
      return `New status “${attributes['after?disp']}”: ${title}`
  }
}
