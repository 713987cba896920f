import { Logger } from '@aws-lambda-powertools/logger'
import { describe, expect, it, jest } from '@jest/globals'
import type { Context, SQSEvent } from 'aws-lambda'
import fc from 'fast-check'
import type { BusEntry } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { settleMessage } from '../../lib/bridge/settle-message.ts'
import { createHttp } from '../../lib/channels/http.ts'
import { createWebhookChannel } from '../../lib/channels/webhook.ts'
import { type BusEvent, parseBusEvent } from '../../lib/events/bus-event.ts'
import { taskEvent } from '../../lib/events/schemas.ts'
import { traceIdOf, traceOf } from '../../lib/events/trace.ts'
import { encodeQueued, parseQueued } from '../../lib/notifications/notification.ts'
import { notify } from '../../lib/notifications/notify.ts'
import { pooledUsers } from '../../lib/notifications/recipients.ts'
import { resultEvent } from '../../lib/notifications/result-event.ts'
import type { QueueMessageKey } from '../../lib/queue-function/message-fields.ts'
import type { MessageHandler } from '../../lib/queue-function/ports.ts'
import { queueFunction } from '../../lib/queue-function/queue-function.ts'
import { doublingRetry } from '../../lib/queue-function/retry-wait.ts'
import { type Request, serve } from '../../local/receivers/server.ts'
import { memoryPayloads, silentJournal, silentLog } from '../support/memory.ts'
import { memoryPorts } from './notifications/in-memory.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
const tracestate = 'rojo=00f067aa0ba902b7,acme@vendor=t61 x'

/** The event that the bridge puts on the bus for a message with these headers. */
async function bridged(headers: Record<string, unknown> | undefined): Promise<BusEntry> {
  const entries: BusEntry[] = []
  const bus = {
    put: async (batch: readonly BusEntry[]) => {
      entries.push(...batch)
      return batch.map(() => ({ status: 'accepted' as const }))
    },
    check: async () => {},
  }
  const data = { type: 'task.create', id: 'e1', taskTitle: 'Счёт', taskPooledUsers: ['ivanov'] }
  const delivery = {
    ...{ tenant: 'acme', queue: 'q', exchange: 'tenant.acme.events', routingKey: 'task.create' },
    properties: { headers },
    redelivered: false,
    body: Buffer.from(JSON.stringify({ data })),
    acknowledge() {},
    deadLetter() {},
    requeue() {},
  }
  const quarantine = { store: () => Promise.reject(new Error('not expected')) }
  const publisher = createPublisher(bus)
  await settleMessage(delivery, {
    publisher,
    quarantine,
    payloads: memoryPayloads(),
    log: silentLog,
    journal: silentJournal,
  })
  const [entry] = entries
  if (entry === undefined) throw new Error('nothing was put')
  return entry
}

/** Runs a function with one message, and returns the fields of its log lines. */
async function logged<Message extends QueueMessageKey>(
  body: string,
  { parse, handle }: MessageHandler<Message>,
): Promise<unknown[]> {
  const log = new Logger({ logLevel: 'SILENT' })
  const info = jest.spyOn(log, 'info')
  const retry = doublingRetry(5, 1)
  const invoke = queueFunction({ parse, handle }, { log, retry, postpone: async () => {} })
  const record = {
    messageId: 'm',
    receiptHandle: 'r',
    body,
    attributes: { ApproximateReceiveCount: '1' },
  }
  await invoke({ Records: [record] } as unknown as SQSEvent, { functionName: 'f' } as Context)
  return info.mock.calls.map(([, fields]) => fields)
}

describe('a trace', () => {
  it('goes from the message at the broker to the webhook and to the result on the bus, and into each line of the log', async () => {
    const requests: Request[] = []
    const endpoint = await serve((request) => {
      requests.push(request)
      return { status: 200 }
    })
    const actions = [{ channel: 'webhook' as const, address: `${endpoint.url}/` }]
    const { queued, ports, store } = memoryPorts([
      { tenant: 'acme', username: 'ivanov', eventType: 'task.assign', actions },
    ])
    const kind = { type: 'task.create', schema: taskEvent, recipients: pooledUsers } as const
    const { source, detailType, detail } = await bridged({ traceparent, tracestate })

    const busEvent = JSON.stringify({
      source,
      'detail-type': detailType,
      detail: JSON.parse(detail.toString()),
    })
    const handlerLines = await logged<BusEvent>(busEvent, {
      parse: parseBusEvent,
      handle: (event) => notify(kind, event, ports),
    })
    const [message] = queued
    if (message === undefined) throw new Error('nothing was queued')
    const client = createHttp()
    const secretOf = async () => `whsec_${Buffer.alloc(24).toString('base64')}`
    const generationOf = async () => ({ generation: 1 })
    const channel = createWebhookChannel({ secretOf, generationOf, allowPrivate: true }, client)
    const senderLines = await logged(encodeQueued(message.notification), {
      parse: parseQueued,
      handle: async (notification) => (await channel.deliver(notification)).outcome,
    })
    client.close()
    await endpoint.close()

    const about = { tenant: 'acme', eventType: 'task.create', eventId: 'e1', trace_id: traceId }
    expect(handlerLines).toEqual([expect.objectContaining({ ...about, outcome: 'handled' })])
    const { notificationId } = message.notification
    expect(senderLines).toEqual([
      expect.objectContaining({ ...about, notificationId, outcome: 'sent' }),
    ])
    const trace = { traceparent, tracestate }
    expect(requests.map(({ headers }) => headers)).toMatchObject([trace])
    const [record] = store.all
    if (record === undefined) throw new Error('nothing is on record')
    for (const state of ['SENT', 'ERROR'] as const) {
      expect(resultEvent({ ...record, state })).toMatchObject(trace)
    }
  })

  it.each([
    ['no headers', undefined],
    ['no such header', { other: traceparent }],
    ['one that is not of its form', { traceparent: `00-${traceId}-1-01` }],
    ['a state alone', { tracestate }],
    ['one without a trace', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }],
    ['one that is no text', { traceparent: { bytes: [1] } }],
  ])('is not where the message has %s, and the event goes its way', async (_, headers) => {
    const { detail } = await bridged(headers)
    expect(JSON.parse(String(detail))).toMatchObject({ id: 'e1' })
    expect(JSON.parse(String(detail))).not.toHaveProperty('traceparent')
    expect(JSON.parse(String(detail))).not.toHaveProperty('tracestate')
  })

  it.each([
    ['no member', ' , '],
    ['a member that is none', 'a=1,b'],
    ['a key of capitals', 'A=1'],
    ['a value that is no ASCII', 'a=ж'],
    ['a line break', 'a=1\r\nx: y'],
    ['the same key twice', 'a=1,a=2'],
    ['33 members', Array.from({ length: 33 }, (_, index) => `k${index}=v`).join()],
    ['no text', { bytes: [1] }],
  ])('goes on without a state that has %s', (_, state) => {
    expect(traceOf({ traceparent, tracestate: state })).toEqual({ traceparent })
  })

  it('has a state of at most 512 characters: what is long goes first, then what is last', () => {
    const long = `long=${'x'.repeat(200)}`
    const short = Array.from({ length: 6 }, (_, index) => `k${index}=${'y'.repeat(96)}`)
    const { tracestate: state } = traceOf({ traceparent, tracestate: [long, ...short].join(', ') })
    expect(state).toBe(short.slice(0, 5).join())
  })

  it('has a state that reads the same once more, whatever the header holds', () => {
    const part = fc.oneof(
      fc.stringMatching(/^[a-z][a-z0-9]{0,3}(@[a-z]{1,3})?=[ -~]{0,200}$/),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const first = traceOf({ traceparent, tracestate: parts.join() })
        expect(traceOf(first)).toEqual(first)
        expect(first.tracestate ?? '').toMatch(/^[\x20-\x7e]{0,512}$/)
      }),
    )
  })

  it('has an id of 32 hexadecimal digits, or none, whatever the header holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^0[01]-[0-9a-f]{32}-[0-9a-f]{16}-0\d$/)),
        (text) => {
          const { trace_id = traceId } = traceIdOf(traceOf({ traceparent: text }))
          expect(trace_id).toMatch(/^[0-9a-f]{32}$/)
        },
      ),
    )
  })
})
