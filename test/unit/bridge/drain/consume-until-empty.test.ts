import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { type BridgeQueue, bridgeQueues } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Publisher } from '../../../../lib/bridge/publish/publisher.ts'
import { topologyOf } from '../../../../lib/bridge/topology.ts'
import { EcosError } from '../../../../lib/errors.ts'
import type { Wire } from '../../../../lib/tenants/events-2.ts'
import { memoryPayloads, silentJournal, silentLog } from '../../../support/memory.ts'
import { doneWithin, virtualTimersPromises } from '../../../support/virtual-time.ts'

jest.unstable_mockModule('node:timers/promises', virtualTimersPromises)
const { consumeUntilEmpty } = await import('../../../../lib/bridge/drain/consume-until-empty.ts')
const { createPublisher } = await import('../../../../lib/bridge/publish/publisher.ts')

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const [queue] = bridgeQueues([
  topologyOf({ id: 'acme', events: [], locale: 'ru', cell: 'main' }),
]) as [BridgeQueue]

/** A queue that is gone as soon as its one message is delivered: nothing is left to consume. */
const brokerOf = (wire: Wire) =>
  ({
    lost: new AbortController().signal,
    async consume(_queue, _prefetch, { onMessage, onGone }) {
      onMessage({
        ...{
          tenant: 'acme',
          wire,
          queue: queue.name,
          exchange: '',
          routingKey: '',
          redelivered: false,
        },
        properties: {},
        body: Buffer.from('{"data":{"type":"task.create"}}'),
        acknowledge() {},
        deadLetter() {},
        requeue() {},
      } satisfies IncomingMessage)
      onGone()
      return { cancel: async () => undefined }
    },
  }) as Partial<Broker> as Broker

const bus = {
  async put() {
    throw new EcosError('bus-unavailable', 'test', { retryable: true })
  },
  check: async () => undefined,
}

it.each<Wire>(['1.0', '2.0'])(
  'gives up at the deadline what is in flight of events %s, also where no queue is consumed any more',
  async (wire) => {
    const context = {
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
      journal: silentJournal,
    }
    const fates: string[] = []
    const deadline = new AbortController()
    const consuming = consumeUntilEmpty([{ queue, ready: 1 }], {
      broker: brokerOf(wire),
      // Each wire has its own publisher.
      context: { ...context, publisher: createPublisher(bus) },
      context2: { ...context, publisher: createPublisher(bus) },
      deadline: deadline.signal,
      prefetch: 10,
      onFate: (fate) => void fates.push(fate),
    })
    // After the last visit, which is over within a tenth of a second.
    await jest.advanceTimersByTimeAsync(500)
    deadline.abort()
    await jest.advanceTimersByTimeAsync(2_999)
    expect(fates).toEqual([])
    const problems = await doneWithin(100, consuming, jest)
    expect(fates).toEqual(['returned'])
    expect(problems).toEqual([`the queue ${queue.name} is gone`])
  },
)

const contextWith = (publisher: Publisher) => ({
  quarantine: { store: async () => undefined },
  payloads: memoryPayloads(),
  log: silentLog,
  journal: silentJournal,
  publisher,
})

/** A broker whose queue has these messages, each with an id. */
function filled(messages: Partial<IncomingMessage>[], lost = new AbortController()) {
  const settled: string[] = []
  let waiting = messages.length
  const broker: Partial<Broker> = {
    lost: lost.signal,
    count: async () => waiting,
    async consume(_queue, _prefetch, { onMessage }) {
      setImmediate(() => {
        waiting = 0
        for (const message of messages.splice(0)) {
          const id = message.properties?.['messageId']
          onMessage({
            ...{ tenant: 'acme', wire: '1.0', queue: queue.name, exchange: 'tenant.acme.events' },
            ...{ routingKey: 'task.create', redelivered: false },
            body: Buffer.from(JSON.stringify({ data: { id, type: 'task.create' } })),
            acknowledge: () => void settled.push(`acknowledged ${id}`),
            deadLetter: () => void settled.push(`dead-lettered ${id}`),
            requeue: () => void settled.push(`requeued ${id}`),
            ...message,
          } as IncomingMessage)
        }
      })
      return { cancel: async () => undefined }
    },
  }
  return { broker: broker as Broker, settled }
}

it('tells of each message when it comes and where it went, also in the context', async () => {
  const accepting = {
    put: async (entries: readonly unknown[]) =>
      entries.map(() => ({ status: 'accepted' }) as const),
    check: async () => undefined,
  }
  const { broker, settled } = filled([
    { properties: { messageId: 'a' } },
    { properties: { messageId: 'b' }, body: Buffer.from('no event') },
  ])
  const happened: string[] = []
  const consuming = consumeUntilEmpty([{ queue, ready: 2 }], {
    broker,
    context: {
      ...contextWith(createPublisher(accepting)),
      onFate: (tenant, fate) => void happened.push(`${tenant} ${fate}`),
    },
    context2: contextWith(createPublisher(accepting)),
    deadline: new AbortController().signal,
    prefetch: 10,
    onDelivered: ({ properties }) => void happened.push(`delivered ${properties['messageId']}`),
    onFate: (fate) => void happened.push(fate),
  })
  expect(await doneWithin(5_000, consuming, jest)).toEqual([])
  expect(settled.toSorted()).toEqual(['acknowledged a', 'acknowledged b'])
  expect(happened.slice(0, 2)).toEqual(['delivered a', 'delivered b'])
  expect(happened.slice(2).toSorted()).toEqual([
    ...['acme bridged', 'acme quarantined', 'bridged', 'quarantined'],
  ])
})

it('a redelivered message that found no time alone goes back', async () => {
  const deadline = new AbortController()
  const { broker, settled } = filled([{ properties: { messageId: 'again' }, redelivered: true }])
  const happened: string[] = []
  const context = {
    ...contextWith(createPublisher(bus)),
    onFate: (tenant: string, fate: string) => void happened.push(`${tenant} ${fate}`),
  }
  const consuming = consumeUntilEmpty([{ queue, ready: 1 }], {
    ...{ broker, context, context2: context, prefetch: 10 },
    deadline: deadline.signal,
    onDelivered: () => void happened.push('delivered'),
    onFate: (fate) => void happened.push(fate),
  })
  await jest.advanceTimersByTimeAsync(0)
  deadline.abort()
  expect(await doneWithin(5_000, consuming, jest)).toEqual([])
  expect([happened, settled]).toEqual([['returned', 'acme returned'], []])
})

it('a queue that can not be consumed is a problem, and ends the drain', async () => {
  const broker: Partial<Broker> = {
    lost: new AbortController().signal,
    count: async () => 1,
    consume: async () => {
      throw new EcosError('consume-refused', 'RabbitMQ refuses')
    },
  }
  const context = contextWith(createPublisher(bus))
  const consuming = consumeUntilEmpty([{ queue, ready: 1 }], {
    ...{ broker: broker as Broker, context, context2: context, prefetch: 10 },
    deadline: new AbortController().signal,
    onFate: () => undefined,
  })
  expect(await doneWithin(5_000, consuming, jest)).toEqual(['RabbitMQ refuses'])
})

it('gives up at once what is in flight when the connection is lost', async () => {
  const lost = new AbortController()
  const { broker, settled } = filled([{ properties: { messageId: 'a' } }], lost)
  const context = contextWith(createPublisher(bus))
  const fates: string[] = []
  const consuming = consumeUntilEmpty([{ queue, ready: 1 }], {
    ...{ broker, context, context2: context, prefetch: 10 },
    deadline: new AbortController().signal,
    onFate: (fate) => void fates.push(fate),
  })
  await jest.advanceTimersByTimeAsync(300)
  expect(fates).toEqual([])
  lost.abort(new EcosError('broker-lost', 'the connection is lost'))
  expect(await doneWithin(100, consuming, jest)).toEqual([])
  expect([fates, settled]).toEqual([['returned'], []])
})
