import { expect, it } from '@jest/globals'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import { drain } from '../../../../lib/bridge/drain/drain.ts'
import { createPublisher } from '../../../../lib/bridge/publish/publisher.ts'
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
