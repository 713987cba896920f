import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { noTenant } from '../../../lib/bridge/bridge-queue.ts'
import type { IncomingMessage } from '../../../lib/bridge/message.ts'
import type { Bus, BusEntry, EntryResult } from '../../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../../lib/bridge/publish/publisher.ts'
import { createQuarantine, type QuarantineRecord } from '../../../lib/bridge/quarantine.ts'
import { noFates, routeMessage, settleMessage } from '../../../lib/bridge/settle-message.ts'
import { EcosError } from '../../../lib/errors.ts'
import { noPayloadStore } from '../../../lib/events/payload-store.ts'
import { partitionArn, partitionsOf } from '../../../lib/tenants/partition.ts'
import { memoryPayloads, silentJournal, silentLog } from '../../support/memory.ts'

const body = JSON.stringify({ data: { type: 'task.create', id: '1' } })

/** Everything around `carry` in memory, and a list of what happened in which order. */
function setUp(result: EntryResult = { status: 'accepted' }) {
  const happened: string[] = []
  const entries: BusEntry[] = []
  const quarantined: QuarantineRecord[] = []
  const payloads = memoryPayloads()
  const bus: Bus = {
    async put(batch) {
      entries.push(...batch)
      happened.push('put')
      return batch.map(() => result)
    },
    async check() {},
  }
  const quarantine = createQuarantine(async (record) => {
    quarantined.push(record)
    happened.push('quarantined')
  }, payloads)
  const context = {
    publisher: createPublisher(bus),
    quarantine,
    payloads,
    log: silentLog,
    journal: silentJournal,
  }
  const delivery = (text: string | Uint8Array): IncomingMessage => ({
    tenant: 'acme',
    queue: 'tenant.acme.eventbridge',
    exchange: 'tenant.acme.events',
    routingKey: 'task.create',
    properties: { contentType: 'text/plain' },
    redelivered: false,
    body: Buffer.from(text),
    acknowledge: () => happened.push('acknowledged'),
    deadLetter: () => happened.push('dead-lettered'),
    requeue() {},
  })
  return { context, delivery, happened, entries, quarantined, payloads }
}

/** A log, and its lines. */
function noted() {
  const lines: unknown[] = []
  const note = (...line: unknown[]) => void lines.push(line)
  return { lines, log: { debug: note, info: note, warn: note, error: note } }
}

describe('settleMessage', () => {
  it('takes the type from the body of what was sent to the queue itself', async () => {
    const { context, delivery, entries } = setUp()
    const direct = { ...delivery(body), exchange: '', routingKey: 'tenant.acme.eventbridge' }
    expect(await settleMessage(direct, context)).toBe('bridged')
    expect(entries).toMatchObject([{ detailType: 'task.create' }])
  })

  it('loses no event of a type that was turned on after this bridge read the tenants', async () => {
    const { context, delivery, entries } = setUp()
    const stale = partitionsOf([{ id: 'acme', events: [] }], 16)
    const bound = delivery(body)
    const moved = { ...bound, exchange: 'tenant.acme.eventbridge.migration' }
    const direct = { ...bound, exchange: '', routingKey: 'tenant.acme.eventbridge' }
    const { exchange: _, ...unnamed } = bound
    const events2 = { ...bound, exchange: 'ecos-events', wire: '2.0' as const }
    for (const message of [bound, unnamed, events2, moved, direct])
      await routeMessage(message, { ...context, partitionOf: stale })
    expect(entries.map(({ resource }) => resource)).toEqual(
      ['p13', 'p13', 'p13', 'off', 'off'].map(partitionArn),
    )
  })

  it('acknowledges a message after the bus has accepted it', async () => {
    const { context, delivery, happened, entries } = setUp()
    expect(await settleMessage(delivery(body), context)).toBe('bridged')
    expect(happened).toEqual(['put', 'acknowledged'])
    expect(entries).toMatchObject([{ source: 'ecos.acme', detailType: 'task.create' }])
    expect(JSON.parse(String(entries[0]?.detail))).toMatchObject({ id: '1', tenantid: 'acme' })
  })

  it('stores in quarantine what is no event, whole and with the reason, and then acknowledges it', async () => {
    const { context, delivery, happened, entries, quarantined } = setUp()
    const bytes = Uint8Array.of(0xff, 0x00, 0x7b)
    expect(await settleMessage(delivery(bytes), context)).toBe('quarantined')
    expect(happened).toEqual(['quarantined', 'acknowledged'])
    expect(entries).toEqual([])
    expect(quarantined).toMatchObject([
      {
        tenant: 'acme',
        queue: 'tenant.acme.eventbridge',
        exchange: 'tenant.acme.events',
        routingKey: 'task.create',
        properties: { contentType: 'text/plain' },
        reason: 'not-utf8',
        body: Buffer.from(bytes).toString('base64'),
      },
    ])
  })

  it('quarantines what the bus refuses for its content, with what the bus said', async () => {
    const { context, delivery, happened, quarantined } = setUp({
      status: 'refused',
      code: 'MalformedDetail',
    })
    expect(await settleMessage(delivery(body), context)).toBe('quarantined')
    expect(happened).toEqual(['put', 'quarantined', 'acknowledged'])
    expect(quarantined).toMatchObject([
      { reason: 'refused-by-bus', explanation: 'MalformedDetail' },
    ])
  })

  it('keeps from acknowledging what the quarantine did not take', async () => {
    const { context, delivery, happened } = setUp()
    const quarantine = { store: () => Promise.reject(new Error('SQS is down')) }
    expect(await settleMessage(delivery('no JSON'), { ...context, quarantine })).toBe('returned')
    expect(happened).toEqual([])
  })

  it('keeps from acknowledging what was not sent', async () => {
    const { context, delivery, happened } = setUp()
    await context.publisher.stop()
    expect(await settleMessage(delivery(body), context)).toBe('returned')
    expect(happened).toEqual([])
  })

  it('puts data that is too large for the bus into the payload store', async () => {
    const { context, delivery, entries, payloads } = setUp()
    const large = JSON.stringify({
      data: { type: 'task.create', id: '1', taskComment: 'x'.repeat(2e6) },
    })
    expect(await settleMessage(delivery(large), context)).toBe('bridged')
    const detail = JSON.parse(String(entries[0]?.detail))
    expect(detail).toMatchObject({
      id: '1',
      dataref: expect.stringMatching(/^s3:\/\/memory\/events\/acme\//),
    })
    expect(JSON.parse(await payloads.load(detail.dataref))).toEqual(JSON.parse(large).data)
  })

  it('puts a body that is too large for the quarantine queue into the payload store', async () => {
    const { context, delivery, quarantined, payloads } = setUp()
    const large = 'no JSON '.repeat(2e5)
    expect(await settleMessage(delivery(large), context)).toBe('quarantined')
    expect(quarantined[0]?.body).toBeUndefined()
    expect(await payloads.load(quarantined[0]?.bodyref ?? '')).toBe(large)
  })

  it('dead-letters at the broker what needs a payload store where there is none', async () => {
    const { context, delivery, happened, entries } = setUp()
    const large = JSON.stringify({
      data: { type: 'task.create', id: '1', taskComment: 'x'.repeat(2e6) },
    })
    const without = { ...context, payloads: noPayloadStore }
    expect(await settleMessage(delivery(large), without)).toBe('dead-lettered')
    expect([happened, entries]).toEqual([['dead-lettered'], []])
  })

  it('gives a message back, with nothing lost, while the payload store or the quarantine is down', async () => {
    const { context, delivery, happened, entries } = setUp()
    const large = JSON.stringify({ data: { type: 'task.create', taskComment: 'x'.repeat(2e6) } })
    const down = async () => {
      throw new EcosError('store-unavailable', 'test', { retryable: true })
    }
    const without = { ...context, payloads: { save: down, load: down } }
    expect(await settleMessage(delivery(large), without)).toBe('returned')
    expect([happened, entries]).toEqual([[], []])
  })

  it('has its queue deliver a message again whose acknowledgement is not written', async () => {
    const { context, delivery, happened } = setUp()
    const lost = () => {
      throw new Error('the channel is closed')
    }
    expect(await settleMessage({ ...delivery(body), acknowledge: lost }, context)).toBe('returned')
    expect(happened).toEqual(['put'])
  })

  it('drops what no interest asked for, without the bus and without the quarantine', async () => {
    const { context, delivery, happened } = setUp()
    const read = async () => ({ outcome: 'unasked' }) as const
    expect(await settleMessage(delivery(body), { ...context, read })).toBe('unasked')
    expect(happened).toEqual(['acknowledged'])
  })

  it.each([
    ['text', body],
    ['events 2.0', 'anything'],
  ])('quarantines a message of no tenant unread, though it holds %s', async (_, text) => {
    const { context, delivery, entries, quarantined } = setUp()
    const read = async () => {
      throw new Error('it is read as an event')
    }
    const stray = { ...delivery(text), tenant: noTenant, exchange: 'tenant.gone.events' }
    expect(await settleMessage(stray, { ...context, read })).toBe('quarantined')
    // Lambda's Amazon MQ source names no exchange.
    const { exchange: __, ...unnamed } = stray
    expect(await routeMessage(unnamed, context)).toBe('quarantined')
    expect(entries).toEqual([])
    expect(quarantined).toMatchObject([
      { reason: 'unknown-tenant', explanation: expect.stringContaining('"tenant.gone.events"') },
      {
        reason: 'unknown-tenant',
        explanation: 'no tenant of this cell in tenants.yml has the queue tenant.acme.eventbridge',
      },
    ])
  })

  it('reads a body that is packed, and quarantines one that only says so', async () => {
    const { context, delivery, entries, quarantined } = setUp()
    const properties = { contentEncoding: 'gzip' }
    const packed = { ...delivery(gzipSync(body)), properties }
    expect(await settleMessage(packed, context)).toBe('bridged')
    expect(await settleMessage({ ...delivery(body), properties }, context)).toBe('quarantined')
    expect(entries).toMatchObject([{ source: 'ecos.acme', detailType: 'task.create' }])
    expect(quarantined).toMatchObject([{ reason: 'broken-encoding' }])
  })

  it('says that a message is held once it waits for a store, and not while it waits for its turn', async () => {
    const held: string[] = []
    const [good, refused] = [setUp(), setUp({ status: 'refused', code: 'MalformedDetail' })]
    const large = JSON.stringify({ data: { type: 'task.create', taskComment: 'x'.repeat(2e6) } })
    const settle = ({ context, delivery }: typeof good, name: string, text: string) =>
      settleMessage(delivery(text), context, () => held.push(name))
    await settle(good, 'good', body)
    await settle(good, 'unreadable', 'no JSON')
    await settle(good, 'large', large)
    await settle(refused, 'refused', body)
    expect([...new Set(held)]).toEqual(['unreadable', 'large', 'refused'])
  })

  it('logs whose message it was and which event, never what the event says', async () => {
    const { log, lines } = noted()
    const { context, delivery } = setUp({ status: 'refused', code: 'MalformedDetail' })
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const traced = { ...delivery(body), properties: { headers: { traceparent } } }
    await settleMessage(traced, { ...context, log })
    await settleMessage(delivery('no JSON'), { ...context, log })
    const from = { tenant: 'acme', queue: 'tenant.acme.eventbridge' }
    expect(lines).toEqual([
      [
        'Quarantined',
        {
          ...from,
          ...{ eventType: 'task.create', eventId: '1', trace_id: 'a'.repeat(32) },
          ...{ reason: 'refused-by-bus', explanation: 'MalformedDetail' },
        },
      ],
      ['Quarantined', { ...from, reason: 'not-json', explanation: 'the body is not JSON' }],
    ])
  })

  it('quarantines a message whose routing key is another type than its body says', async () => {
    const { context, delivery, entries, quarantined } = setUp()
    const other = { ...delivery(body), routingKey: 'task.assign' }
    expect(await settleMessage(other, context)).toBe('quarantined')
    expect([entries.length, quarantined[0]?.reason]).toEqual([0, 'type-mismatch'])
  })

  it('carries the trace of its producer to the bus, and none where there is none', async () => {
    const { context, delivery, entries } = setUp()
    const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'k=v' }
    const headers = [trace, { traceparent: 'no trace', tracestate: 'k=v' }, undefined, null]
    for (const each of headers) {
      await settleMessage({ ...delivery(body), properties: { headers: each } }, context)
    }
    const details = entries.map(({ detail }) => JSON.parse(String(detail)))
    expect(details.map(({ traceparent, tracestate }) => [traceparent, tracestate])).toEqual([
      [trace.traceparent, 'k=v'],
      ...Array.from({ length: 3 }, () => [undefined, undefined]),
    ])
  })

  it('is the event of its queue’s tenant whatever it says, and the log tells where it names another', async () => {
    const { context, delivery, entries } = setUp()
    const { log, lines } = noted()
    const named = { ...delivery(body), properties: { headers: { tenantId: 'other' } } }
    expect(await settleMessage(named, { ...context, log })).toBe('bridged')
    expect(entries).toMatchObject([{ source: 'ecos.acme' }])
    expect(lines).toEqual([
      [
        'A message names another tenant than its queue',
        {
          ...{ tenant: 'acme', queue: 'tenant.acme.eventbridge' },
          ...{ eventType: 'task.create', eventId: '1', namedIn: 'headers' },
        },
      ],
    ])
  })

  it('notes each event by its outcome', async () => {
    const { context, delivery } = setUp()
    const notes: string[] = []
    const journal = {
      note: (outcome: string, { id }: { readonly id: string }) =>
        void notes.push(`${outcome} ${id}`),
      write() {},
    }
    await settleMessage(delivery(body), { ...context, journal })
    await settleMessage(delivery('no JSON'), { ...context, journal })
    await context.publisher.stop()
    await settleMessage(delivery(body), { ...context, journal })
    expect(notes).toEqual(['bridged 1', 'returned 1'])
  })

  it('logs what could not be settled, and what only the broker can keep', async () => {
    const { context, delivery } = setUp()
    const { log, lines } = noted()
    const from = { tenant: 'acme', queue: 'tenant.acme.eventbridge' }
    const error = new Error('SQS is down')
    const quarantine = { store: () => Promise.reject(error) }
    await settleMessage(delivery('no JSON'), { ...context, log, quarantine })
    const large = JSON.stringify({
      data: { type: 'task.create', id: '1', taskComment: 'x'.repeat(2e6) },
    })
    await settleMessage(delivery(large), { ...context, log, payloads: noPayloadStore })
    const event = { eventType: 'task.create', eventId: '1' }
    expect(lines).toEqual([
      ['A message could not be settled', { ...from, error }],
      [
        'Dead-lettered at the broker',
        { ...from, ...event, error: expect.objectContaining({ code: 'no-payload-store' }) },
      ],
    ])
  })
})

describe('noFates', () => {
  it('counts nothing of every fate', () => {
    expect(noFates()).toEqual({
      ...{ bridged: 0, quarantined: 0, unasked: 0, returned: 0, 'dead-lettered': 0 },
    })
  })
})
