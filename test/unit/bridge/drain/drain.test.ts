import { expect, it } from '@jest/globals'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import { drain } from '../../../../lib/bridge/drain/drain.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Bus } from '../../../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../../../lib/bridge/publish/publisher.ts'
import type { Topology } from '../../../../lib/bridge/topology.ts'
import { EcosError } from '../../../../lib/errors.ts'
import { memoryPayloads, silentLog } from '../../../support/memory.ts'

const bus = { put: async () => [], check: async () => undefined }

it('says that a queue is declared after it is, and of one that is not, nothing', async () => {
  const happened: string[] = []
  const broker = {
    address: 'test',
    lost: new AbortController().signal,
    count: async () => 0,
    async declare({ queue }: { queue: string }) {
      await new Promise(setImmediate)
      if (queue.includes('odd')) throw new EcosError('not-declared', queue)
      happened.push(`declared ${queue}`)
      return 0
    },
  } as Partial<Broker> as Broker
  const draining = drain({
    tenants: ['odd', 'acme'].map((id) => ({ id, events: [], locale: 'ru', cell: 'main' })),
    broker,
    bus,
    context: {
      publisher: createPublisher(bus),
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
    },
    deadline: AbortSignal.timeout(2_000),
    onDeclared: ({ queue }) => void happened.push(`told ${queue}`),
  })
  await expect(draining).rejects.toMatchObject({ code: 'drain-incomplete' })
  const queue = 'tenant.acme.eventbridge'
  expect(happened).toEqual([`declared ${queue}`, `told ${queue}`])
})

it('drains the queues that are declared while thousands of others are not yet, and then these', async () => {
  const bridged: string[] = []
  const first = Promise.withResolvers<void>()
  const waiting = new Map([
    ['tenant.acme.eventbridge', 1],
    ['tenant.late.eventbridge', 1],
  ])
  const ready = (queue: string) => waiting.get(queue) ?? 0
  const accepting: Bus = {
    check: async () => undefined,
    put: async (entries) => {
      for (const { source } of entries) {
        if (!source.startsWith('ecos.')) continue
        bridged.push(source)
        first.resolve()
      }
      return entries.map(() => ({ status: 'accepted' }))
    },
  }
  const broker = {
    address: 'test',
    lost: new AbortController().signal,
    count: async (queue: string) => ready(queue),
    async declare({ queue, tenant }: Topology) {
      // Only once the others' events have gone.
      if (tenant === 'late') await first.promise
      return ready(queue)
    },
    async consume({ name, owner }, _prefetch, { onMessage }) {
      if (ready(name) > 0) {
        waiting.set(name, 0)
        setImmediate(() => onMessage(messageOf(name, String(owner))))
      }
      return { cancel: async () => undefined }
    },
  } as Partial<Broker> as Broker
  const report = await drain({
    tenants: ['late', 'acme'].map((id) => ({
      id,
      events: ['task.create'],
      locale: 'ru',
      cell: 'main',
    })),
    broker,
    bus: accepting,
    context: {
      publisher: createPublisher(accepting),
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
    },
    deadline: AbortSignal.timeout(20_000),
    declareFirst: 10,
  })
  expect(report).toMatchObject({ bridged: 2 })
  expect(bridged).toEqual(['ecos.acme', 'ecos.late'])
})

function messageOf(queue: string, tenant: string): IncomingMessage {
  const settle = () => undefined
  return {
    ...{ tenant, queue, wire: '1.0', properties: {}, redelivered: false },
    ...{ exchange: `tenant.${tenant}.events`, routingKey: 'task.create' },
    body: Buffer.from(JSON.stringify({ data: { id: `of-${tenant}`, type: 'task.create' } })),
    ...{ acknowledge: settle, deadLetter: settle, requeue: settle },
  }
}
