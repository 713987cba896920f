import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { connect } from 'amqplib'
import { openHandshakeChannel } from '../../lib/amqp/handshake-channel.ts'
import type { Interests } from '../../lib/events/interest.ts'
import { createLog } from '../../lib/log.ts'
import type { LoadAttributes } from '../../lib/records/enrichment.ts'
import { type SourceOptions, startSource } from '../../lib/records/source.ts'
import { startListener } from '../support/record-listener.ts'
import { newTenant, onChannel, runningStack } from '../support/stack.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

const { amqpUrl } = runningStack()
const log = createLog()
const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const titleOf = (record: string) => `Title of ${record}`
const loadAttributes = () =>
  jest.fn<LoadAttributes>(
    async (records, attributes) =>
      new Map(
        records.map((record) => {
          const known: Record<string, unknown> = {
            title: titleOf(record),
            'author.email': 'a@b.example',
          }
          return [record, Object.fromEntries(attributes.map((path) => [path, known[path]]))]
        }),
      ),
  )

function source(tenant: string, options: Partial<SourceOptions> = {}, url = amqpUrl) {
  const load = loadAttributes()
  const started = startSource(() => openHandshakeChannel(url, tenant, 'listener', log), {
    id: 'cases',
    loadAttributes: load,
    settleSeconds: 1,
    log,
    ...options,
  })
  cleanups.push(() => started.close())
  return { ...started, load }
}

async function queueOf(tenant: string): Promise<string> {
  const queue = `${tenant}.${randomUUID()}`
  await onChannel(amqpUrl, (channel) => channel.assertQueue(queue, { durable: true }))
  cleanups.push(() => onChannel(amqpUrl, (channel) => channel.deleteQueue(queue)))
  return queue
}

async function listener(tenant: string, id: string, interests: Interests, leaseSeconds = 60) {
  const queue = await queueOf(tenant)
  const started = startListener(() => openHandshakeChannel(amqpUrl, tenant, 'source', log), {
    id,
    queue,
    interests,
    leaseSeconds,
    log,
  })
  cleanups.push(() => started.close({ withdraw: false }))
  return { ...started, queue }
}

/** All that is in the queue, as its consumer reads it. */
async function taken(queue: string): Promise<Record<string, unknown>[]> {
  return onChannel(amqpUrl, async (channel) => {
    const bodies: Record<string, unknown>[] = []
    for (;;) {
      const message = await channel.get(queue, { noAck: true })
      if (message === false) return bodies
      bodies.push(JSON.parse(message.content.toString()).data)
    }
  })
}

const titles: Interests = { 'record-changed': { attributes: ['title'] } }
const emails: Interests = { 'record-changed': { attributes: ['author.email'] } }
const changed = (record = 'case@1') => ({ type: 'record-changed', record, id: randomUUID() })

describe('whichever side starts first', () => {
  it('the listener: a source that comes up asks, and sends what each asked for', async () => {
    const tenant = newTenant()
    const first = await listener(tenant, 'first', titles)
    const second = await listener(tenant, 'second', emails)
    const { announce, load } = source(tenant, { waitFor: ['first', 'second'], settleSeconds: 150 })
    const event = changed()
    const announced = await announce([event])
    expect(announced).toEqual([
      { id: event.id, listeners: expect.arrayContaining(['first', 'second']) },
    ])
    expect(load.mock.calls).toEqual([[['case@1'], ['author.email', 'title']]])
    expect(await taken(first.queue)).toEqual([
      expect.objectContaining({
        id: event.id,
        docId: 'case@1',
        attributes: { title: titleOf('case@1') },
      }),
    ])
    expect(await taken(second.queue)).toEqual([
      expect.objectContaining({ id: event.id, attributes: { 'author.email': 'a@b.example' } }),
    ])
  })

  it('the source: a listener that comes up tells it, and gets what is announced from then on', async () => {
    const tenant = newTenant()
    const { announce, load } = source(tenant, { settleSeconds: 0.1 })
    expect(await announce([changed()])).toEqual([expect.objectContaining({ listeners: [] })])
    expect(load).not.toHaveBeenCalled()
    const late = await listener(tenant, 'late', titles)
    await late.accepted()
    const event = changed()
    await announce([event])
    expect(await taken(late.queue)).toEqual([expect.objectContaining({ id: event.id })])
  })
})

it('a change takes effect, and a withdrawal ends it', async () => {
  const tenant = newTenant()
  const only = await listener(tenant, 'only', titles)
  const { announce } = source(tenant, { waitFor: ['only'], settleSeconds: 150 })
  await announce([changed()])
  await only.change(emails)
  await only.accepted()
  await announce([changed()])
  const [before, after] = await taken(only.queue)
  expect([before?.['attributes'], after?.['attributes']]).toEqual([
    { title: titleOf('case@1') },
    { 'author.email': 'a@b.example' },
  ])
  await only.close({ withdraw: true })
  const announced = await until(
    () => announce([changed()]),
    ([one]) => one?.listeners.length === 0,
  )
  expect(announced).toHaveLength(1)
})

it('a filter is asked at the source', async () => {
  const tenant = newTenant()
  const filter = { t: 'eq', att: 'title', val: titleOf('case@2') } as const
  const filtered = await listener(tenant, 'filtered', {
    'record-changed': { attributes: ['author.email'], filter },
  })
  const { announce } = source(tenant, { waitFor: ['filtered'], settleSeconds: 150 })
  await announce([changed('case@1'), changed('case@2')])
  expect(await taken(filtered.queue)).toEqual([
    expect.objectContaining({ docId: 'case@2', attributes: { 'author.email': 'a@b.example' } }),
  ])
})

it('a listener whose queue is gone is forgotten, and the others are served', async () => {
  const tenant = newTenant()
  const gone = await listener(tenant, 'gone', titles)
  const there = await listener(tenant, 'there', titles)
  const { announce } = source(tenant, { waitFor: ['gone', 'there'], settleSeconds: 150 })
  await onChannel(amqpUrl, (channel) => channel.deleteQueue(gone.queue))
  expect(await announce([changed()])).toEqual([expect.objectContaining({ listeners: ['there'] })])
  expect(await taken(there.queue)).toHaveLength(1)
})

it('a source that lost its connection asks again, and what was announced meanwhile arrives', async () => {
  const tenant = newTenant()
  const there = await listener(tenant, 'there', titles)
  const { hostname, port } = new URL(amqpUrl)
  const proxy = await startTcpProxy(hostname, Number(port))
  cleanups.push(async () => proxy.close())
  const proxied = new URL(amqpUrl)
  proxied.port = String(proxy.port)
  const { announce } = source(tenant, { waitFor: ['there'], settleSeconds: 150 }, proxied.href)
  await announce([changed()])
  proxy.cut()
  const event = changed()
  await announce([event])
  const ids = (await taken(there.queue)).map(({ id }) => id)
  expect(ids).toHaveLength(2)
  expect(ids).toContain(event.id)
})

it('what is no message of the handshake harms nobody', async () => {
  const tenant = newTenant()
  const { announce } = source(tenant, { settleSeconds: 0.1 })
  await announce([])
  const connection = await connect(amqpUrl)
  const channel = await connection.createConfirmChannel()
  for (const body of ['', '{', '{"version":2}', '{"version":1,"kind":"listener.subscribed"}']) {
    channel.publish(`tenant.${tenant}.record-events`, 'listener.subscribed', Buffer.from(body))
  }
  await channel.waitForConfirms()
  await connection.close()
  const late = await listener(tenant, 'late', titles)
  await late.accepted()
  await announce([changed()])
  expect(await taken(late.queue)).toHaveLength(1)
})

async function until<T>(act: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await act()
    if (holds(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
