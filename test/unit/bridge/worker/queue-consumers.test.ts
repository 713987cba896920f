import { expect, it, jest } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import { fixedTenants } from '../../../../lib/bridge/worker/follow-tenants.ts'
import { consumeQueues } from '../../../../lib/bridge/worker/queue-consumers.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'
import { EcosError } from '../../../../lib/errors.ts'
import { parseTenants } from '../../../../lib/tenants/tenants-file.ts'

const tenants = parseTenants(
  'tenants: { refused: { events: [task.create] }, other: { events: [task.create] } }',
  'tenants.yml',
)

/** Starts consuming at a broker that answers basic.consume by `consume`, until `stop` is called. */
function start(consume: (tenant: string) => void, refusedUntil = new Map<string, number>()) {
  const over = new AbortController()
  const status = createStatus()
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
  const broker = {
    async consume({ owner = '' }: BridgeQueue) {
      consume(owner)
      return { cancel: async () => undefined }
    },
  } as unknown as Broker
  const done = consumeQueues({
    broker,
    tenants: fixedTenants(tenants),
    pace: () => 0,
    prefetch: () => 10,
    declare: async () => 0,
    letGo: async () => undefined,
    settle: async () => 'bridged',
    isIdle: () => true,
    mayTake: async () => undefined,
    onDeclared: () => undefined,
    onRefused: () => undefined,
    over: over.signal,
    status,
    log,
    refusedUntil,
  })
  return {
    status,
    refusedUntil,
    async stop() {
      over.abort()
      await done
    },
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

it('a queue that the broker refused is not tried again before its time, also over a new connection', async () => {
  const tried: string[] = []
  const time = performance.now() + 3_600_000
  const run = start((tenant) => tried.push(tenant), new Map([['refused', time]]))
  await until(() => run.status.consuming > 0)
  await run.stop()
  expect(tried).toEqual(['other'])
})

it('a queue that the broker refused is tried again when its time has come', async () => {
  const tried: string[] = []
  const time = performance.now() + 50
  const run = start((tenant) => tried.push(tenant), new Map([['refused', time]]))
  await until(() => run.status.consuming === 2)
  await run.stop()
  expect(tried.sort()).toEqual(['other', 'refused'])
})

it('a refusal keeps that one queue waiting, and any other failure none', async () => {
  const failures: Record<string, Error[]> = {
    refused: [new EcosError('consume-refused', 'RabbitMQ refuses')],
    other: [new Error('Channel ended, no reply will be forthcoming')],
  }
  const run = start((tenant) => {
    const failure = failures[tenant]?.shift()
    if (failure) throw failure
  })
  await until(() => run.status.consuming === 1 && run.status.problems['other'] === undefined)
  await run.stop()
  expect([...run.refusedUntil.keys()]).toEqual(['refused'])
  expect(run.refusedUntil.get('refused')).toBeGreaterThan(performance.now() + 60_000)
  expect(run.status.problems).toEqual({ refused: 'RabbitMQ refuses' })
})
