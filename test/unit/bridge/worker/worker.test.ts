import { expect, it } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import { fixedTenants } from '../../../../lib/bridge/worker/follow-tenants.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'
import { runWorker } from '../../../../lib/bridge/worker/worker.ts'
import { placeInPools } from '../../../../lib/tenants/pools.ts'
import { memoryPayloads, silentLog } from '../../../support/memory.ts'

it('has no more messages out for the tenants of a pool than its queue needs, by default', async () => {
  const own = Array.from({ length: 1_000 }, (_, index) => ({
    ...{ id: `t-${index}`, events: [], locale: 'ru', cell: 'main', partition: 0 },
  }))
  const stop = new AbortController()
  const prefetches: number[] = []
  const broker = {
    address: 'test',
    lost: new AbortController().signal,
    handshakes: {
      join: async () => undefined,
      broadcast: async () => undefined,
      answer: async () => undefined,
    },
    onBlocked: () => undefined,
    declare: async () => 0,
    count: async () => 0,
    async consume(_queue: BridgeQueue, prefetch: number) {
      prefetches.push(prefetch)
      stop.abort()
      return { cancel: async () => undefined }
    },
    stopConsuming: async () => undefined,
    close: async () => undefined,
  } as Partial<Broker> as Broker
  await runWorker(
    {
      tenants: fixedTenants(placeInPools(own, { QUEUES: 'pooled', PARTITIONS: 16 })),
      connect: async () => broker,
      bus: { put: async () => [{ status: 'accepted' }], check: async () => undefined },
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
      stop: stop.signal,
      mostCalls: 32,
    },
    createStatus(),
  )
  // Half of the 384 that fill 32 calls; for queues of their own, a thousand tenants would have 10,000.
  expect(prefetches).toEqual([192])
})
