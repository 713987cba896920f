import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import type { Context, SQSEvent } from 'aws-lambda'
import { createJournal } from '../../lib/bridge/journal.ts'
import type { BusEntry, EntryResult } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { settleMessage } from '../../lib/bridge/settle-message.ts'
import type { Channel } from '../../lib/channels/channel.ts'
import { createEmailChannel } from '../../lib/channels/email.ts'
import { parseBusEvent } from '../../lib/events/bus-event.ts'
import { taskEvent } from '../../lib/events/schemas.ts'
import { encodeQueued } from '../../lib/notifications/notification.ts'
import { notify } from '../../lib/notifications/notify.ts'
import { pooledUsers } from '../../lib/notifications/recipients.ts'
import { sender } from '../../lib/notifications/sender.ts'
import type { QueueMessageKey } from '../../lib/queue-function/message-fields.ts'
import type { MessageHandler } from '../../lib/queue-function/ports.ts'
import { queueFunction } from '../../lib/queue-function/queue-function.ts'
import { doublingRetry } from '../../lib/queue-function/retry-wait.ts'
import { type Line, listeningLog } from '../support/listening-log.ts'
import { memoryPayloads } from '../support/memory.ts'
import { type MemoryStore, memoryPorts, retry } from './notifications/in-memory.ts'

/** Names and texts of people, which must never appear in a log. */
const personal = {
  username: 'secretov',
  address: 'secretov@hidden.example',
  title: 'Увольнение Секретова',
  comment: 'Between us only',
}
const data = {
  type: 'task.create',
  id: 'e1',
  taskTitle: personal.title,
  taskComment: personal.comment,
  initiator: personal.username,
  taskPooledUsers: [personal.username],
}
const about = { tenant: 'acme', eventType: 'task.create', eventId: 'e1' }

function expectNothingPersonal(lines: readonly Line[]): void {
  const text = inspect(lines, { depth: 20, showHidden: true, maxStringLength: 100_000 })
  for (const value of Object.values(personal)) expect(text).not.toContain(value)
}

/** Bridges a message to a bus that answers each entry like this, and returns the log. */
async function bridged(
  body: string,
  result: EntryResult = { status: 'accepted' },
  payloads = memoryPayloads(),
) {
  const { log, lines } = listeningLog()
  const entries: BusEntry[] = []
  const put = async (batch: readonly BusEntry[]) => {
    entries.push(...batch)
    return batch.map(() => result)
  }
  const delivery = {
    ...{ tenant: 'acme', queue: 'q', exchange: 'tenant.acme.events', routingKey: 'task.create' },
    properties: { headers: { author: personal.username } },
    redelivered: false,
    body: Buffer.from(body),
    acknowledge() {},
    deadLetter() {},
    requeue() {},
  }
  const quarantine = { store: async () => undefined }
  const publisher = createPublisher({ put, check: async () => undefined })
  if (result.status === 'failed') await publisher.stop()
  const journal = createJournal(log)
  await settleMessage(delivery, { publisher, quarantine, payloads, log, journal })
  journal.write()
  const [entry] = entries
  const onBus = entry && {
    source: entry.source,
    'detail-type': entry.detailType,
    detail: JSON.parse(entry.detail.toString()),
  }
  return { lines, onBus: JSON.stringify(onBus) }
}

/** Runs a function with one message, and returns the log. */
async function handled<Message extends QueueMessageKey>(
  consumer: MessageHandler<Message>,
  body: string,
) {
  const { log, lines } = listeningLog()
  const ports = { log, retry: doublingRetry(5, 1), postpone: async () => undefined }
  const attributes = { ApproximateReceiveCount: '1' }
  const record = { messageId: 'm', receiptHandle: 'r', body, attributes }
  const event = { Records: [record] } as unknown as SQSEvent
  await queueFunction(consumer, ports)(event, {
    functionName: 'f',
    getRemainingTimeInMillis: () => 30_000,
  } as Context)
  return lines
}

const kind = { type: 'task.create', schema: taskEvent, recipients: pooledUsers } as const

function handlerPorts() {
  const action = { channel: 'email', address: personal.address } as const
  const whose = { tenant: 'acme', username: personal.username, eventType: 'task.assign' as const }
  return memoryPorts([{ ...whose, actions: [action] }])
}

function senderOf(channel: Channel, store: MemoryStore) {
  return sender({
    ...{ channel, notifications: store, subjects: store, kept: store },
    awaitRate: async () => 'now',
    subscriptions: { switchOff: async () => undefined },
    putOnBus: async () => undefined,
    onUnannounced: () => undefined,
    retry,
    now: () => new Date('2026-11-25T10:00:00Z'),
  })
}

describe('a log', () => {
  it('names the event at every hop from the bridge to the sender, and nobody', async () => {
    const { lines: bridge, onBus } = await bridged(JSON.stringify({ data }))
    const { ports, queued, store } = handlerPorts()
    const consumer = {
      parse: parseBusEvent,
      handle: (event: ReturnType<typeof parseBusEvent>) => notify(kind, event, ports),
    }
    const handler = await handled(consumer, onBus)
    const [message] = queued
    if (message === undefined) throw new Error('nothing was queued')
    const body = encodeQueued(message.notification)
    // A mail server's answer repeats the address.
    const rude = createEmailChannel(
      { from: { name: '', address: 'ecos@acme.example' } },
      async ({ to, subject }) => {
        throw new Error(`550 no such user ${inspect(to)}: ${subject}`)
      },
    )
    const refused = await handled(senderOf(rude, store), body)
    const polite = createEmailChannel(
      { from: { name: '', address: 'ecos@acme.example' } },
      async () => {
        return { outcome: 'sent', providerId: `250 queued for ${personal.address}` }
      },
    )
    const sent = await handled(senderOf(polite, store), body)

    const { notificationId } = message.notification
    expect([...bridge, ...handler, ...refused, ...sent].map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ tenant: 'acme', outcome: 'bridged', eventIds: ['e1'] }),
      expect.objectContaining({ ...about, outcome: 'handled' }),
      expect.objectContaining({ ...about, notificationId, outcome: 'failed' }),
      expect.objectContaining({ ...about, notificationId, outcome: 'sent' }),
    ])
    expectNothingPersonal([...bridge, ...handler, ...refused, ...sent])
  })

  const failing = {
    save: async () => Promise.reject(new Error('no store')),
    load: async () => '',
  }
  const large = { ...data, workflowDescription: 'x'.repeat(2e6) }
  const named = { ...about, queue: 'q' }
  it.each([
    ['is refused by the bus', data, { status: 'refused', code: 'Malformed' }, named],
    ['finds no store for its data', large, { status: 'accepted' }, named],
    ['is not sent', data, { status: 'failed', code: 'Throttled' }, { eventIds: ['e1'] }],
    ['is of another type', { ...data, type: 'task.assign' }, { status: 'accepted' }, {}],
    ['is no event', { ...data, type: personal.title }, { status: 'accepted' }, {}],
  ] as const)('names at the bridge an event that %s, and nobody', async (_, of, answer, fields) => {
    const { lines } = await bridged(JSON.stringify({ data: of }), answer, failing)
    expect(lines.map((line) => line.fields)).toEqual([
      expect.objectContaining({ tenant: 'acme', ...fields }),
    ])
    expectNothingPersonal(lines)
  })

  it('quotes nothing of a message that is not JSON', async () => {
    const { lines } = await bridged(`{"data":{"taskTitle":"${personal.title}`)
    expect(lines).toMatchObject([{ fields: { tenant: 'acme', reason: 'not-json' } }])
    expectNothingPersonal(lines)
  })

  it('names fields that do not fit, and not what stands in them', async () => {
    const { onBus } = await bridged(
      JSON.stringify({ data: { ...data, taskPooledUsers: { [personal.username]: 1 } } }),
    )
    const { ports } = handlerPorts()
    const consumer = {
      parse: parseBusEvent,
      handle: (event: ReturnType<typeof parseBusEvent>) => notify(kind, event, ports),
    }
    const lines = await handled(consumer, onBus)
    expect(lines).toMatchObject([{ fields: { ...about, code: 'invalid-event-data' } }])
    expectNothingPersonal(lines)
  })
})
