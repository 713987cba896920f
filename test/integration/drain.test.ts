import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, jest } from '@jest/globals'
import { connectBroker } from '../../lib/amqp/broker.ts'
import type { Broker } from '../../lib/bridge/broker.ts'
import { createDeclare, type Declare } from '../../lib/bridge/declaring.ts'
import { type DrainReport, drain } from '../../lib/bridge/drain/drain.ts'
import { type Bus, type BusEntry, probe } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine, type QuarantineRecord } from '../../lib/bridge/quarantine.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { publish } from '../../local/demo/publish.ts'
import { memoryPayloads, silentLog } from '../support/memory.ts'
import {
  countMessages,
  eventually,
  newTenant,
  onChannel,
  rawMessage,
  runningStack,
  taskMessage,
} from '../support/stack.ts'

// Bounds a test that hangs; none is judged by its time.
jest.setTimeout(300_000)

const { amqpUrl } = runningStack()

function tenant(events: Tenant['events'] = ['task.create'], id = newTenant()): Tenant {
  return { id, events, locale: 'ru', cell: 'main' }
}

const queueOf = ({ id }: Tenant) => `tenant.${id}.eventbridge`

/** A drain on the real broker, with a bus that can be made to misbehave. */
function setUp(
  misbehave: (entries: readonly BusEntry[]) => Promise<void> = async () => {},
  quarantineFails: () => boolean = () => false,
) {
  const bridged: BusEntry[] = []
  const quarantined: QuarantineRecord[] = []
  const busOf = (before: (entries: readonly BusEntry[]) => Promise<void>): Bus => ({
    async put(entries) {
      // The drain asks with a probe first; what is told here is for the events.
      if (entries[0] === probe) return [{ status: 'accepted' }]
      await before(entries)
      bridged.push(...entries)
      return entries.map(() => ({ status: 'accepted' }))
    },
    async check() {},
  })
  const bus = busOf(misbehave)
  const payloads = memoryPayloads()
  const quarantine = createQuarantine(async (record) => {
    if (quarantineFails()) throw new Error('down')
    quarantined.push(record)
  }, payloads)
  async function run(
    tenants: readonly Tenant[],
    options: {
      deadline?: AbortSignal
      bus?: Bus
      prefetch?: number
      declare?: Declare
      checkStores?: () => Promise<void>
      /** Called when the broker has told that a consumer's queue is gone. */
      onGone?: () => void
    } = {},
  ): Promise<DrainReport> {
    const { onGone } = options
    const connected = await connectBroker(amqpUrl)
    const broker = onGone ? tellingOfGone(connected, onGone) : connected
    const {
      deadline = AbortSignal.timeout(120_000),
      bus: used = bus,
      checkStores = async () => undefined,
      ...rest
    } = options
    const context = {
      publisher: createPublisher(used, { firstWait: 5 }),
      quarantine,
      payloads,
      checkStores,
      log: silentLog,
    }
    try {
      return await drain({ ...rest, tenants, broker, bus: used, context, deadline })
    } finally {
      await broker.close()
    }
  }
  return { run, busOf, bridged, quarantined }
}

const idsOf = (entries: readonly BusEntry[]) =>
  entries.map(({ detail }) => JSON.parse(String(detail)).id).sort()

/** Calls `onGone` once the consumer of a queue knows that it is gone. */
function tellingOfGone(broker: Broker, onGone: () => void): Broker {
  return {
    ...broker,
    consume: (queue, prefetch, handlers) =>
      broker.consume(queue, prefetch, {
        ...handlers,
        onGone() {
          handlers.onGone()
          onGone()
        },
      }),
  }
}

/** Keeps so many threads busy. */
function busyThreads(count: number) {
  const threads = Array.from(
    { length: count },
    () => new Worker('for (;;) Math.sqrt(Math.random())', { eval: true }),
  )
  return { end: () => Promise.all(threads.map((thread) => thread.terminate())) }
}

describe('drain', () => {
  it('carries every message to the bus, with the tenant in its source, and leaves the queue empty', async () => {
    const { run, bridged } = setUp()
    const [a, b] = [tenant(), tenant()]
    await run([a, b])
    const messages = [a, b].flatMap(({ id }) => Array.from({ length: 120 }, () => taskMessage(id)))
    await publish(amqpUrl, messages)
    expect(await run([a, b])).toMatchObject({ bridged: 240, quarantined: 0, returned: 0 })
    for (const { id } of [a, b]) {
      const own = bridged.filter(({ source }) => source === `ecos.${id}`)
      expect(idsOf(own)).toEqual(
        messages
          .filter((message) => message.tenant === id)
          .map(({ eventId }) => eventId)
          .sort(),
      )
    }
    expect(await countMessages(amqpUrl, queueOf(a))).toBe(0)
  })

  it('binds the types that are turned on, and unbinds those that are turned off', async () => {
    const { run, bridged } = setUp()
    const before = tenant(['task.create', 'task.assign'])
    const after = tenant(['task.assign'], before.id)
    await run([before])
    await run([after])
    const [created, assigned] = [taskMessage(after.id), taskMessage(after.id, {}, 'task.assign')]
    const dropped = await publish(amqpUrl, [created, assigned])
    expect([...dropped]).toEqual([created])
    await run([after])
    expect(idsOf(bridged)).toEqual([assigned.eventId])
  })

  it('risks one message of each queue on a bus that takes the probe and not the events', async () => {
    let down = true
    const end = new AbortController()
    const asked = new Set<string>()
    const { run, bridged, quarantined } = setUp(async (entries) => {
      if (!down) return
      for (const { source } of entries) asked.add(source)
      if (asked.size === tenants.length) end.abort()
      throw new EcosError('bus-unavailable', 'down', { retryable: true })
    })
    const tenants = [tenant(), tenant()]
    await run(tenants)
    const messages = tenants.flatMap(({ id }) => Array.from({ length: 30 }, () => taskMessage(id)))
    await publish(amqpUrl, messages)
    const failed = run(tenants, { deadline: end.signal })
    await expect(failed).rejects.toThrow(/58 messages are left .* 2 messages could not be settled/)
    expect([bridged, quarantined]).toEqual([[], []])
    for (const each of tenants) {
      await eventually(
        () => countMessages(amqpUrl, queueOf(each)),
        (count) => count === 30,
      )
    }
    down = false
    expect(await run(tenants)).toMatchObject({ bridged: 60 })
    expect(idsOf(bridged)).toEqual(messages.map(({ eventId }) => eventId).sort())
    expect(quarantined).toEqual([])
  })

  it('takes no message for a bus that is not there', async () => {
    const { run } = setUp()
    const only = tenant()
    await run([only])
    await publish(amqpUrl, [taskMessage(only.id)])
    const check = () => Promise.reject(new EcosError('bus-unavailable', 'no such bus'))
    const bus: Bus = { put: () => Promise.reject(new Error('asked all the same')), check }
    await expect(run([only], { bus })).rejects.toThrow('no such bus')
    await onChannel(amqpUrl, async (channel) => {
      const message = await channel.get(queueOf(only))
      expect(message).toMatchObject({ fields: { redelivered: false } })
    })
  })

  it('drains the other tenants when the queue of one is in the way, and says which', async () => {
    const { run, bridged } = setUp()
    const [odd, good] = [tenant(), tenant()]
    await onChannel(amqpUrl, (channel) => channel.assertQueue(queueOf(odd), { durable: true }))
    await expect(run([odd, good])).rejects.toThrow(`Tenant ${odd.id}: the queue ${queueOf(odd)}`)
    const message = taskMessage(good.id)
    await publish(amqpUrl, [message])
    await expect(run([odd, good])).rejects.toMatchObject({ code: 'drain-incomplete' })
    expect(idsOf(bridged)).toEqual([message.eventId])
  })

  it('quarantines what is no event and bridges its neighbours', async () => {
    const { run, bridged, quarantined } = setUp()
    const only = tenant()
    await run([only])
    const good = [taskMessage(only.id), taskMessage(only.id)]
    const bodies = [
      '',
      'no JSON',
      '[]',
      '{"data":{"type":"task.assign"}}',
      '{"data":{"type":"else"}}',
    ]
    const bad = bodies.map((body) => rawMessage(only.id, 'task.create', body))
    await publish(amqpUrl, [...bad, ...good])
    expect(await run([only])).toMatchObject({ bridged: 2, quarantined: 5, returned: 0 })
    expect(idsOf(bridged)).toEqual(good.map(({ eventId }) => eventId).sort())
    expect(
      quarantined.map(({ body = '' }) => Buffer.from(body, 'base64').toString()).sort(),
    ).toEqual([...bodies].sort())
    expect(quarantined.map(({ reason }) => reason).sort()).toEqual([
      'empty-body',
      'not-an-event',
      'not-json',
      'type-mismatch',
      'unknown-type',
    ])
  })

  it('carries what stands behind a message that the quarantine does not take', async () => {
    let down = true
    let refusals = 0
    const { run, bridged, quarantined } = setUp(undefined, () => {
      if (down) refusals += 1
      return down
    })
    const only = tenant()
    await run([only])
    const good = [taskMessage(only.id), taskMessage(only.id)]
    await publish(amqpUrl, [rawMessage(only.id, 'task.create', 'no JSON'), ...good])
    // It is the broker's again when the drain ends, which is no success.
    const end = new AbortController()
    const failed = run([only], { deadline: end.signal })
    failed.catch(() => undefined)
    await eventually(
      async () => [refusals, bridged.length],
      ([refused = 0, passed]) => refused > 0 && passed === good.length,
    )
    end.abort()
    await expect(failed).rejects.toMatchObject({
      code: 'drain-incomplete',
      message: expect.stringContaining('1 messages could not be settled and went back'),
    })
    expect(idsOf(bridged)).toEqual(good.map(({ eventId }) => eventId).sort())
    down = false
    await eventually(
      () => run([only]),
      (report) => report.quarantined === 1,
    )
    expect(quarantined).toHaveLength(1)
  })

  it('fails when its queue is deleted under it', async () => {
    const only = tenant()
    const gone = Promise.withResolvers<void>()
    let deleted = false
    const { run } = setUp(async () => {
      // The broker cancels the consumer of a queue that is deleted, as it does when a node goes.
      if (!deleted) await onChannel(amqpUrl, (channel) => channel.deleteQueue(queueOf(only)))
      deleted = true
      await gone.promise
    })
    await run([only])
    await publish(
      amqpUrl,
      Array.from({ length: 40 }, () => taskMessage(only.id)),
    )
    await expect(run([only], { onGone: gone.resolve })).rejects.toThrow('is gone')
  })

  it('sets aside a message that comes back unsettled each time, for the broker knows how often', async () => {
    const { run } = setUp()
    const only = tenant()
    await run([only])
    await publish(amqpUrl, [taskMessage(only.id)])
    await onChannel(amqpUrl, async (channel) => {
      for (let delivery = 0; delivery <= 20; delivery += 1) {
        const message = await eventually(
          () => channel.get(queueOf(only)),
          (got) => got !== false,
        )
        if (message) channel.nack(message, false, true)
      }
    })
    const deadLetters = `${queueOf(only)}.dead-letter`
    await eventually(
      () => countMessages(amqpUrl, deadLetters),
      (count) => count === 1,
    )
    expect(await countMessages(amqpUrl, queueOf(only))).toBe(0)
  })

  it('drains more tenants than messages may be out, in turn, and never has more out', async () => {
    let out = 0
    let mostOut = 0
    const { run, bridged } = setUp(async (entries) => {
      out += entries.length
      mostOut = Math.max(mostOut, out)
      await sleep(2)
      out -= entries.length
    })
    const tenants = Array.from({ length: 12 }, () => tenant())
    const declare = createDeclare()
    await run(tenants, { declare })
    const messages = tenants.flatMap(({ id }) => Array.from({ length: 25 }, () => taskMessage(id)))
    await publish(amqpUrl, messages)
    expect(await run(tenants, { declare, prefetch: 20 })).toMatchObject({ bridged: 300 })
    expect(idsOf(bridged)).toEqual(messages.map(({ eventId }) => eventId).sort())
    expect(mostOut).toBeLessThanOrEqual(20)
    for (const each of tenants) expect(await countMessages(amqpUrl, queueOf(each))).toBe(0)
  })

  it('declares a queue again that was deleted since the last drain of its process', async () => {
    const { run, bridged } = setUp()
    const own = tenant()
    const declare = createDeclare()
    await run([own], { declare })
    await onChannel(amqpUrl, (channel) => channel.deleteQueue(queueOf(own)))
    await run([own], { declare })
    await publish(amqpUrl, [taskMessage(own.id)])
    expect(await run([own], { declare })).toMatchObject({ bridged: 1 })
    expect(bridged).toHaveLength(1)
  })

  it('is no success when its deadline passes before it takes anything', async () => {
    const { run, bridged } = setUp()
    const only = tenant()
    await run([only])
    await publish(amqpUrl, [taskMessage(only.id), taskMessage(only.id)])
    const late = run([only], { deadline: AbortSignal.abort() })
    await expect(late).rejects.toMatchObject({
      code: 'drain-incomplete',
      message: expect.stringMatching(/2 messages are left|not declared before the deadline/),
    })
    expect(await run([only])).toMatchObject({ bridged: 2 })
    expect(bridged).toHaveLength(2)
  })

  it('takes no message while a store does not answer, however many drains that lasts', async () => {
    const { run, bridged, quarantined } = setUp()
    const only = tenant()
    await run([only])
    await publish(amqpUrl, [rawMessage(only.id, 'task.create', 'no JSON'), taskMessage(only.id)])
    const checkStores = () =>
      Promise.reject(new EcosError('store-unavailable', 'SQS is down', { retryable: true }))
    for (let drains = 0; drains < 25; drains += 1) {
      const failed = run([only], { deadline: AbortSignal.timeout(100), checkStores })
      await expect(failed).rejects.toMatchObject({
        code: expect.stringMatching(/store-unavailable|drain-incomplete/),
      })
    }
    expect(await countMessages(amqpUrl, queueOf(only))).toBe(2)
    await onChannel(amqpUrl, async (channel) => {
      expect(await channel.get(queueOf(only))).toMatchObject({ fields: { redelivered: false } })
    })
    await eventually(
      () => run([only]).then(() => quarantined.length + bridged.length),
      (settled) => settled === 2,
    )
  })

  it('leaves nothing behind of a backlog of large messages, on a busy machine', async () => {
    const { run, bridged } = setUp()
    const only = tenant()
    await run([only])
    const messages = Array.from({ length: 60 }, () =>
      taskMessage(only.id, { taskTitle: 'x'.repeat(4_000_000) }),
    )
    await publish(amqpUrl, messages)
    const load = busyThreads(4)
    try {
      await run([only], { deadline: AbortSignal.timeout(240_000) })
    } finally {
      await load.end()
    }
    expect(idsOf(bridged)).toEqual(messages.map(({ eventId }) => eventId).sort())
    expect(await countMessages(amqpUrl, `${queueOf(only)}.dead-letter`)).toBe(0)
  }, 300_000)

  it('shares one queue among several drains: each event is bridged once, and none is lost', async () => {
    const { run, bridged, busOf } = setUp()
    const only = tenant()
    await run([only])
    const messages = Array.from({ length: 1000 }, () => taskMessage(only.id))
    await publish(amqpUrl, messages)
    // No bus answers before two of them have taken messages.
    const taking = new Set<number>()
    const severalTake = Promise.withResolvers<void>()
    const drains = [1, 2, 3, 4].map((drain) => {
      const bus = busOf(async () => {
        taking.add(drain)
        if (taking.size > 1) severalTake.resolve()
        await severalTake.promise
      })
      return run([only], { bus })
    })
    const reports = await Promise.all(drains)
    expect(idsOf(bridged)).toEqual(messages.map(({ eventId }) => eventId).sort())
    expect(reports.reduce((sum, report) => sum + report.bridged, 0)).toBe(1000)
    // Several really took part.
    expect(reports.filter((report) => report.bridged > 0).length).toBeGreaterThan(1)
  })
})
