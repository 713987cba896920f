import { beforeEach, describe, expect, it } from '@jest/globals'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { open } from '../../lib/amqp/connection.ts'
import { brokerLetters } from '../../lib/amqp/letter-boxes.ts'
import { drain } from '../../lib/bridge/drain/drain.ts'
import type { Bus } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine, type QuarantineRecord, recordText } from '../../lib/bridge/quarantine.ts'
import { returnable } from '../../lib/operations/quarantined.ts'
import { memoryPayloads, silentLog } from '../support/memory.ts'
import { newTenant, onChannel, runningStack } from '../support/stack.ts'

const { amqpUrl } = runningStack()
const bus: Bus = {
  put: async (entries) => entries.map(() => ({ status: 'accepted' })),
  async check() {},
}
let tenant: string
beforeEach(() => {
  tenant = newTenant()
})

/** What one drain of the tenant's queue puts into the quarantine, as its queue holds it. */
async function drained(): Promise<string[]> {
  const texts: string[] = []
  const broker = await connectBroker(amqpUrl)
  const payloads = memoryPayloads()
  const quarantine = createQuarantine(async (record) => {
    texts.push(recordText(record))
  }, payloads)
  const context = { publisher: createPublisher(bus), quarantine, payloads, log: silentLog }
  const tenants = [{ id: tenant, events: ['task.create'] as const, locale: 'ru', cell: 'main' }]
  try {
    const deadline = AbortSignal.timeout(120_000)
    await drain({ tenants, broker, bus, context, deadline })
    return texts
  } finally {
    await broker.close()
  }
}

async function redrive(record: string): Promise<void> {
  const connection = await open(amqpUrl)
  try {
    const nothing = async () => new Uint8Array()
    await brokerLetters(connection).sendTo(await returnable(record, nothing))
  } finally {
    await connection.close()
  }
}

describe('a quarantined message', () => {
  it('is what it was after any number of redrives, with headers of every type', async () => {
    await drained()
    const typed = (type: string, value: unknown) => ({ '!': type, value })
    const headers = {
      text: 'bad \uffff note',
      bytes: Buffer.from([0, 1, 255]),
      big: typed('int64', 9007199254740993n),
      negative: typed('int64', -9223372036854775807n),
      when: typed('timestamp', 1767225600),
      amount: typed('decimal', { digits: 314, places: 2 }),
      small: typed('int16', -5),
      unsigned: typed('uint32', 4_000_000_000),
      yes: true,
      none: null,
      list: [Buffer.from([7]), typed('int64', 9007199254740995n), 'x'],
      table: { deep: { big: typed('int64', 9007199254740997n), ключ: 'значение' } },
    }
    await onChannel(amqpUrl, async (channel) => {
      const properties = { headers, correlationId: 'c6', contentType: 'text/plain', type: 't' }
      channel.publish(`tenant.${tenant}.events`, 'task.create', Buffer.from('not json'), properties)
      await channel.close()
    })
    const kept: QuarantineRecord[] = []
    for (let redrives = 0; redrives < 3; redrives += 1) {
      const [text = ''] = await drained()
      kept.push(JSON.parse(text))
      await redrive(text)
    }
    const [first, ...others] = kept
    expect(first).toMatchObject({
      reason: 'not-json',
      exchange: `tenant.${tenant}.events`,
      routingKey: 'task.create',
      properties: {
        correlationId: 'c6',
        contentType: 'text/plain',
        type: 't',
        headers: {
          text: headers.text,
          bytes: typed('bytes', 'AAH/'),
          big: typed('int64', '9007199254740993'),
          negative: typed('int64', '-9223372036854775807'),
          when: headers.when,
          amount: headers.amount,
          small: -5,
          unsigned: 4_000_000_000,
          yes: true,
          none: null,
          list: [typed('bytes', 'Bw=='), typed('int64', '9007199254740995'), 'x'],
          table: { deep: { big: typed('int64', '9007199254740997'), ключ: 'значение' } },
        },
      },
    })
    for (const record of others) {
      const { reason, exchange, routingKey, properties, body } = first as QuarantineRecord
      expect(record).toMatchObject({ reason, exchange, routingKey, body })
      expect(record.properties['headers']).toMatchObject(properties['headers'] as object)
      expect(record.properties['correlationId']).toBe('c6')
    }
  })
})
