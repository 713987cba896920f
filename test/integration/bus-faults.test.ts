import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { type DrainReport, drain } from '../../lib/bridge/drain/drain.ts'
import { createPublisher, type PublisherOptions } from '../../lib/bridge/publish/publisher.ts'
import { createRateLimit } from '../../lib/bridge/publish/rate-limit.ts'
import { createQuarantine, type QuarantineRecord } from '../../lib/bridge/quarantine.ts'
import type { Log } from '../../lib/log.ts'
import { publish } from '../../local/demo/publish.ts'
import { type BusStub, startBusStub } from '../support/bus.ts'
import type { Fault, Ledger, Script } from '../support/bus-stub.ts'
import { memoryPayloads, silentLog } from '../support/memory.ts'
import {
  countMessages,
  eventually,
  newTenant,
  runningStack,
  taskMessage,
} from '../support/stack.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

const { amqpUrl } = runningStack()
const backOff = { firstWait: 5, longestWait: 20 }
const error = (status: number, code: string): Fault => ({ kind: 'error', status, code })
const throttled = error(400, 'ThrottlingException')

let stub: BusStub
let id: string
let queue: string
let quarantined: QuarantineRecord[]

beforeAll(async () => {
  stub = await startBusStub()
})
afterAll(() => stub.stop())
beforeEach(async () => {
  id = newTenant()
  queue = `tenant.${id}.eventbridge`
  quarantined = []
  await run()
})

/** One drain of the tenant's queue, through the SDK, into the stub. */
async function run(
  deadline = AbortSignal.timeout(120_000),
  options: PublisherOptions = {},
  log: Log = silentLog,
  onFate: (fate: string) => void = () => undefined,
): Promise<DrainReport> {
  const broker = await connectBroker(amqpUrl)
  const payloads = memoryPayloads()
  const quarantine = createQuarantine(async (record) => void quarantined.push(record), payloads)
  const publisher = createPublisher(stub.bus, { ...backOff, ...options })
  const context = {
    ...{ publisher, quarantine, payloads, log },
    onFate: (_tenant: string, fate: string) => onFate(fate),
  }
  const tenants = [{ id, events: ['task.create'] as const, locale: 'ru', cell: 'main' }]
  try {
    return await drain({ tenants, broker, bus: stub.bus, context, deadline, backOff })
  } finally {
    await broker.close()
  }
}

/** Puts that many messages into the queue and says how the stub is to behave. */
async function given(count: number, script: Script): Promise<string[]> {
  const messages = Array.from({ length: count }, () => taskMessage(id))
  await publish(amqpUrl, messages)
  await stub.script(script)
  return messages.map(({ eventId }) => eventId)
}

const ready = (name: string, count: number) =>
  eventually(
    () => countMessages(amqpUrl, name),
    (found) => found === count,
  )

/** Waits until the stub was called so often. */
const calls = (count: number) =>
  eventually(
    () => stub.ledger(),
    (ledger) => ledger.calls >= count,
  )

async function expectAllBridged(ids: readonly string[], most = 1): Promise<Ledger> {
  const ledger = await stub.ledger()
  expect(Object.keys(ledger.accepted).sort()).toEqual([...ids].sort())
  expect(Math.max(...Object.values(ledger.accepted))).toBeLessThanOrEqual(most)
  expect(quarantined).toEqual([])
  expect(await countMessages(amqpUrl, queue)).toBe(0)
  return ledger
}

describe('a bus that misbehaves', () => {
  // The first PutEvents call is the probe, which meets no fault here.
  it.each<[string, Fault]>([
    ['throttles calls', throttled],
    ['answers 500', error(500, 'InternalException')],
    ['answers 503', error(503, 'ServiceUnavailable')],
    ['breaks connections off', { kind: 'reset', accepting: false }],
    ['never answers', { kind: 'silence' }],
  ])('loses nothing and sends nothing twice when it %s', async (_, fault) => {
    const ids = await given(35, { faults: [null, fault, null, fault, fault] })
    expect(await run()).toEqual({
      bridged: 35,
      quarantined: 0,
      returned: 0,
      unasked: 0,
      'dead-lettered': 0,
    })
    await expectAllBridged(ids)
  })

  it.each(['ThrottlingException', 'InternalFailure', 'InternalException'])(
    'is sent only the entries again that failed with %s',
    async (code) => {
      const fault: Fault = { kind: 'entries', indexes: [1, 4], code }
      // The first of them meet calls with a single entry, and pass.
      const ids = await given(10, { faults: [null, fault, fault, fault, fault] })
      expect(await run()).toMatchObject({ bridged: 10 })
      const { entriesAsked, probes } = await expectAllBridged(ids)
      // Ten, and of those the two that failed; of the two again the one at index 1.
      expect(entriesAsked - probes).toBeLessThanOrEqual(10 + 2 + 2)
      expect(entriesAsked - probes).toBeGreaterThan(10)
    },
  )

  it('is sent again what it had no answer for', async () => {
    const ids = await given(10, {
      faults: [null, { kind: 'short', length: 1 }, { kind: 'short', length: 1 }],
    })
    await run()
    await expectAllBridged(ids)
  })

  it('gets duplicates with the same event id, and no more than one call of them, when it accepts and its answer is lost', async () => {
    const ids = await given(30, { faults: [null, { kind: 'reset', accepting: true }] })
    await run()
    const { accepted } = await expectAllBridged(ids, 2)
    const twice = Object.values(accepted).filter((count) => count === 2)
    expect(twice.length).toBeGreaterThan(0)
    expect(twice.length).toBeLessThanOrEqual(10)
  })

  it.each([
    ['an entry', { text: 'refuse-me', code: 'MalformedDetail' }],
    ['a whole call', { text: 'refuse-me', code: 'ValidationException', status: 400 }],
    ['a whole call with 413', { text: 'refuse-me', code: 'Whatever', status: 413 }],
  ])('refuses %s: that message alone is quarantined', async (_, refuse) => {
    const ids = await given(12, { refuse })
    const bad = taskMessage(id, { taskComment: 'refuse-me' })
    await publish(amqpUrl, [bad])
    expect(await run()).toEqual({
      bridged: 12,
      quarantined: 1,
      returned: 0,
      unasked: 0,
      'dead-lettered': 0,
    })
    expect(quarantined.map(({ reason, body = '' }) => [reason, atob(body)])).toEqual([
      ['refused-by-bus', bad.body],
    ])
    quarantined = []
    await expectAllBridged(ids)
  })

  it('is called no more often than the rate limit allows', async () => {
    const ids = await given(600, {})
    const start = performance.now()
    await run(undefined, { rateLimit: createRateLimit(40), mostCalls: 10 })
    // The whole run: the arrival of the first call may be late, and would shorten the time between them.
    const seconds = (performance.now() - start) / 1000
    const { calls: made } = await expectAllBridged(ids)
    expect(made).toBeGreaterThanOrEqual(60)
    expect(made).toBeLessThanOrEqual(2 + 40 * seconds)
  })

  it.each<[string, Script]>([
    ['whose PutEvents alone fails', { always: error(500, 'InternalException') }],
    ['that throttles everything', { always: throttled, describe: throttled }],
    [
      'that fails every entry',
      { always: { kind: 'entries', indexes: [0], code: 'InternalFailure' } },
    ],
  ])('%s for 25 drains uses up no delivery, and then gets everything', async (_, script) => {
    const ids = await given(20, script)
    for (let drained = 0; drained < 25; drained += 1) {
      // Each comes to its deadline as it has found that the bus is down.
      const deadline = new AbortController()
      const log = { ...silentLog, warn: () => deadline.abort() }
      await expect(run(deadline.signal, {}, log)).rejects.toMatchObject({ code: 'bus-unavailable' })
    }
    await ready(queue, 20)
    expect(await countMessages(amqpUrl, `${queue}.dead-letter`)).toBe(0)
    expect(quarantined).toEqual([])
    await stub.script({})
    expect(await run()).toEqual({
      bridged: 20,
      quarantined: 0,
      returned: 0,
      unasked: 0,
      'dead-lettered': 0,
    })
    await expectAllBridged(ids)
  })

  it('is waited for, and gets everything in the same drain when it is back in time', async () => {
    const ids = await given(20, { faults: Array(6).fill(throttled) })
    expect(await run()).toMatchObject({ bridged: 20 })
    await expectAllBridged(ids)
  })

  it('fails in the middle of a drain until its end: what is left goes back whole, once', async () => {
    const ids = await given(60, { faults: [null, null], always: throttled })
    const end = new AbortController()
    const failed = run(end.signal)
    // The probe, and a call that is accepted; then those that fail.
    await calls(4)
    end.abort()
    await expect(failed).rejects.toMatchObject({ code: 'drain-incomplete' })
    const before = Object.keys((await stub.ledger()).accepted)
    expect(before.length).toBeGreaterThan(0)
    await ready(queue, 60 - before.length)
    await stub.script({})
    await run()
    const { accepted } = await stub.ledger()
    expect([...before, ...Object.keys(accepted)].sort()).toEqual([...ids].sort())
    expect(quarantined).toEqual([])
  })

  it('is in the middle of a call at the deadline: what it accepts is not sent again', async () => {
    // Answers within the request's time-out, and after the deadline.
    const ids = await given(40, { latency: 800 })
    const fates: string[] = []
    const end = new AbortController()
    const report = run(end.signal, { mostCalls: 1 }, silentLog, (fate) => fates.push(fate))
    await calls(2)
    end.abort()
    await report.catch(({ code }) => expect(code).toBe('drain-incomplete'))
    const bridged = fates.filter((fate) => fate === 'bridged').length
    await ready(queue, 40 - bridged)
    const before = Object.keys((await stub.ledger()).accepted)
    expect(before).toHaveLength(bridged)
    await stub.script({})
    await run()
    const { accepted } = await stub.ledger()
    expect([...before, ...Object.keys(accepted)].sort()).toEqual([...ids].sort())
  })
})

describe("PutEvents' limits", () => {
  it('are kept for entries of any size: none refused, and no call above them', async () => {
    const sizes = [899_000, 99_000, 2_000, 1, 450_000, 450_000, 200_000, 10, 10, 500_000, 500_001]
    const messages = sizes.map((size) => taskMessage(id, { taskComment: 'я'.repeat(size / 2) }))
    await publish(amqpUrl, messages)
    await stub.script({})
    await run()
    const ledger = await expectAllBridged(messages.map(({ eventId }) => eventId))
    expect(ledger.mostEntries).toBeLessThanOrEqual(10)
    // The largest of them went, whole.
    expect(ledger.mostBytes).toBeGreaterThan(899_000)
    expect(ledger.mostBytes).toBeLessThanOrEqual(1_000_000)
  })
})
