import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import type { IncomingMessage } from '../../../lib/bridge/message.ts'
import type { Bus } from '../../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../../lib/bridge/publish/publisher.ts'
import type { Quarantine } from '../../../lib/bridge/quarantine.ts'
import { settleByWire } from '../../../lib/bridge/settle-by-wire.ts'
import type { PayloadStore } from '../../../lib/events/payload-store.ts'
import { memoryPayloads, silentJournal, silentLog } from '../../support/memory.ts'

const good = '{"data":{"type":"task.create","id":"1"}}'
const large = JSON.stringify({ data: { type: 'task.create', id: '2', text: 'x'.repeat(950_000) } })
const never = () => new Promise<never>(() => undefined)

const takesAll: Bus = {
  put: async (entries) => entries.map(() => ({ status: 'accepted' })),
  check: async () => undefined,
}
/** It fails the entries of one tenant, call after call. */
const failsAcme: Bus = {
  ...takesAll,
  put: async (entries) =>
    entries.map(({ source }) =>
      source === 'ecos.acme' ? { status: 'failed', code: 'Internal' } : { status: 'accepted' },
    ),
}

function message(tenant: string, body: string): IncomingMessage {
  return {
    tenant,
    wire: '1.0',
    queue: `tenant.${tenant}.eventbridge`,
    exchange: `tenant.${tenant}.events`,
    routingKey: 'task.create',
    properties: {},
    redelivered: false,
    body: Buffer.from(body),
    acknowledge: () => undefined,
    deadLetter: () => undefined,
    requeue: () => undefined,
  }
}

interface Stuck {
  readonly body: string
  readonly bus?: Bus
  readonly quarantine?: Quarantine
  readonly payloads?: PayloadStore
}

describe('settleByWire', () => {
  afterEach(() => void jest.restoreAllMocks())

  it.each<[string, Stuck]>([
    ['wait for the quarantine', { body: 'no JSON', quarantine: { store: never } }],
    ['wait for the payload store', { body: large, payloads: { save: never, load: never } }],
    ['are failed by a bus that takes others', { body: good, bus: failsAcme }],
  ])('holds up no other tenant for messages that %s, however many', async (_, stuck) => {
    const { bus = takesAll, body } = stuck
    // One call at most: room for 12 messages.
    const publisher = createPublisher(bus, { mostCalls: 1, firstWait: 5_000, longestWait: 5_000 })
    const { quarantine = { store: never }, payloads = memoryPayloads() } = stuck
    const context = { publisher, quarantine, payloads, log: silentLog, journal: silentJournal }
    const over = new AbortController()
    const settle = settleByWire(context, context, over.signal)
    for (let index = 0; index < 30; index += 1) void settle(message('acme', body))
    expect(await settle(message('other', good))).toBe('bridged')
    over.abort()
    await publisher.stop()
  })

  it('holds up no other tenant for messages that fail again and again, for whichever reason', async () => {
    const publisher = createPublisher(takesAll, { mostCalls: 1 })
    const context = {
      publisher,
      quarantine: { store: never },
      payloads: memoryPayloads(),
      log: silentLog,
      journal: silentJournal,
      partitionOf(tenant: string) {
        if (tenant === 'acme') throw new Error('a fault of the program')
        return 'p00'
      },
    }
    const over = new AbortController()
    const settle = settleByWire(context, context, over.signal)
    for (let index = 0; index < 30; index += 1) void settle(message('acme', good))
    expect(await settle(message('other', good))).toBe('bridged')
    over.abort()
    await publisher.stop()
  })

  it('reads no more messages than the calls in flight take, after any that gave their place away', async () => {
    const answers: (() => void)[] = []
    const read: string[] = []
    const bus: Bus = {
      ...takesAll,
      put: (entries) =>
        new Promise((resolve) => {
          answers.push(() => resolve(entries.map(() => ({ status: 'accepted' }))))
        }),
    }
    const publisher = createPublisher(bus, { mostCalls: 1 })
    const context = {
      publisher,
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
      journal: silentJournal,
      partitionOf: (tenant: string) => {
        read.push(tenant)
        return 'p00'
      },
    }
    const settle = settleByWire(context, context, new AbortController().signal)
    const broken = Array.from({ length: 30 }, () => settle(message('acme', 'no JSON')))
    expect(await Promise.all(broken)).toEqual(Array(30).fill('quarantined'))
    const fates = Array.from({ length: 40 }, () => settle(message('acme', good)))
    let settled = false
    const all = Promise.all(fates).finally(() => {
      settled = true
    })
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    await turn()
    await turn()
    expect(read).toHaveLength(12)
    while (!settled) {
      for (const answer of answers.splice(0)) answer()
      await turn()
    }
    expect(await all).toEqual(Array(40).fill('bridged'))
  })

  it('sends the events of each wire by its own publisher', async () => {
    const sent: string[] = []
    const contextOf = (wire: string) => ({
      publisher: createPublisher({
        ...takesAll,
        async put(entries) {
          sent.push(wire)
          return takesAll.put(entries)
        },
      }),
      ...{ quarantine: { store: never }, payloads: memoryPayloads() },
      ...{ log: silentLog, journal: silentJournal },
    })
    const over = new AbortController().signal
    const settle = settleByWire(contextOf('1.0'), contextOf('2.0'), over)
    for (const wire of ['2.0', '1.0', '2.0'] as const) {
      expect(await settle({ ...message('acme', good), wire })).toBe('bridged')
    }
    expect(sent).toEqual(['2.0', '1.0', '2.0'])
  })

  it('tries a message again for as long as a store fails, and says so once', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0)
    let attempts = 0
    const quarantine: Quarantine = {
      async store() {
        attempts += 1
        if (attempts < 4) throw new Error('the quarantine does not answer')
      },
    }
    const publisher = createPublisher(takesAll)
    const payloads = memoryPayloads()
    const context = { publisher, quarantine, payloads, log: silentLog, journal: silentJournal }
    const settle = settleByWire(context, context, new AbortController().signal)
    const onStoreFailure = jest.fn()
    expect(await settle(message('acme', 'no JSON'), onStoreFailure)).toBe('quarantined')
    expect([attempts, onStoreFailure.mock.calls.length]).toEqual([4, 1])
    expect(await settle(message('acme', good), onStoreFailure)).toBe('bridged')
    expect(onStoreFailure).toHaveBeenCalledTimes(1)
  })

  it.each(['1.0', '2.0'] as const)(
    'gives a message of events %s back after a time that begins with the first attempt',
    async (wire) => {
      let attempts = 0
      const quarantine: Quarantine = {
        async store() {
          attempts += 1
          await sleep(60)
          throw new Error('the quarantine does not answer')
        },
      }
      const publisher = createPublisher(takesAll)
      const payloads = memoryPayloads()
      const context = { publisher, quarantine, payloads, log: silentLog, journal: silentJournal }
      const settle = settleByWire(context, context, new AbortController().signal, 50)
      expect(await settle({ ...message('acme', 'no JSON'), wire })).toBe('returned')
      expect(attempts).toBe(1)
    },
  )
})
