import { SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRecordSender } from '../../../lib/aws/quarantine.ts'
import { fromJsonValue } from '../../../lib/bridge/field-values.ts'
import type { QueuedMessage } from '../../../lib/bridge/message.ts'
import { createQuarantine, type QuarantineRecord } from '../../../lib/bridge/quarantine.ts'
import { memoryPayloads } from '../../support/memory.ts'
import { json, scriptedService } from '../../support/scripted-service.ts'

/** The characters that an SQS message may hold (API reference, SendMessage). */
const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
/** An SQS message has at most 1 MiB, with the names, types and values of its attributes. */
const maxBytes = 1_048_576

let service: Awaited<ReturnType<typeof scriptedService>>
beforeAll(async () => {
  service = await scriptedService()
  service.answerWith(json({ MessageId: '1' }))
})
afterAll(() => service.close())
beforeEach(() => {
  service.asked.length = 0
})

/** The quarantine as the bridge has it, up to what goes to SQS. */
async function quarantined(body: Uint8Array, headers: Record<string, unknown>) {
  const client = new SQSClient({
    region: 'eu-central-1',
    endpoint: service.url,
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    md5: false,
  })
  const quarantine = createQuarantine(
    createRecordSender(`${service.url}/000000000000/quarantine`, client),
    memoryPayloads(),
  )
  const message = {
    tenant: 'acme',
    queue: 'tenant.acme.eventbridge',
    exchange: 'tenant.acme.events',
    routingKey: 'task.create',
    properties: { contentType: 'text/plain', headers },
    redelivered: false,
    body,
  }
  await quarantine.store(message, 'not-json', 'the body is not JSON')
  const { MessageBody, MessageAttributes } = service.asked.at(-1)?.body ?? {}
  const attributes = Object.entries<Record<string, string>>(MessageAttributes).flatMap(
    ([name, { DataType = '', StringValue = '' }]) => [name, DataType, StringValue],
  )
  expect(MessageBody).toMatch(allowed)
  expect(Buffer.byteLength([MessageBody, ...attributes].join(''))).toBeLessThanOrEqual(maxBytes)
  return JSON.parse(MessageBody)
}

describe('a record of the quarantine', () => {
  it('holds only characters that SQS takes, and each of them is what it was', async () => {
    const texts = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\uffff', '\ufffe', '\ud800', '\udc00', '\u0000', '\u007f', '𝒳'),
        fc.string({ maxLength: 1 }),
      ),
    })
    // A field of this name marks a type, so its table is written in another form.
    const keys = texts.filter((key) => key !== '!')
    await fc.assert(
      fc.asyncProperty(texts, fc.dictionary(keys, texts), async (note, table) => {
        const headers = { 'x-note': note, table: Object.fromEntries(Object.entries(table)) }
        const record = await quarantined(Buffer.from('not json'), headers)
        expect(record.properties.headers).toEqual(headers)
        expect(Buffer.from(record.body, 'base64').toString()).toBe('not json')
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    ['bytes', { raw: Buffer.alloc(64_000, 255) }],
    ['control characters', { raw: '\u0001'.repeat(60_000) }],
    ['noncharacters', { raw: '\uffff'.repeat(40_000) }],
    ['as many of them as a frame of the broker holds', { raw: '\u0001'.repeat(131_000) }],
  ])('fits into SQS with headers of %s beside a large body', async (_, headers) => {
    const record = await quarantined(Buffer.alloc(599_500, 'x'), headers)
    expect(record.bodyref).toMatch(/^s3:/)
    expect(record).not.toHaveProperty('body')
    expect(fromJsonValue(record.properties.headers)).toEqual(headers)
  })

  it('keeps headers of every type that AMQP has', async () => {
    const headers = {
      bytes: Buffer.from([0, 1, 255]),
      int64: 9007199254740993n,
      nan: Number.NaN,
      infinite: Number.NEGATIVE_INFINITY,
      when: { '!': 'timestamp', value: 1767225600 },
      amount: { '!': 'decimal', value: { places: 2, digits: 314 } },
      small: -5,
      float: 1.5,
      yes: true,
      none: null,
      list: [1, 'a', Buffer.from([7])],
      table: { deep: { bytes: Buffer.from([8]) } },
    }
    const record = await quarantined(Buffer.from('not json'), headers)
    expect(fromJsonValue(record.properties.headers)).toEqual({
      ...headers,
      int64: { '!': 'int64', value: headers.int64 },
      nan: { '!': 'double', value: Number.NaN },
      infinite: { '!': 'double', value: Number.NEGATIVE_INFINITY },
    })
  })

  const told = { tenant: 'acme corp', queue: 'q', properties: {}, redelivered: false }
  const stored = async (message: QueuedMessage, explanation = 'why') => {
    const records: QuarantineRecord[] = []
    const send = async (record: QuarantineRecord) => void records.push(record)
    await createQuarantine(send, memoryPayloads()).store(message, 'not-json', explanation)
    return records[0] as QuarantineRecord
  }

  it('says where the message came from and where it may go back to, as far as that is known', async () => {
    const message = { ...told, body: Buffer.from('x') }
    const { quarantinedAt, ...record } = await stored(message)
    expect(new Date(quarantinedAt).toISOString()).toBe(quarantinedAt)
    const known = { tenant: 'acme corp', queue: 'q', reason: 'not-json', explanation: 'why' }
    expect(JSON.stringify(record)).toBe(JSON.stringify({ ...known, properties: {}, body: 'eA==' }))
    const ways = { entrance: 'e', exchange: '', routingKey: 'q' }
    expect(await stored({ ...message, ...ways })).toMatchObject(ways)
  })

  it('has a bounded explanation, whatever a service says', async () => {
    const { explanation } = await stored({ ...told, body: Buffer.of() }, 'x'.repeat(100_000))
    expect(explanation.length).toBeLessThanOrEqual(1_001)
    expect(explanation.startsWith('x'.repeat(900))).toBe(true)
  })

  it('carries a body that leaves room for its record, and refers to a larger one by tenant and content', async () => {
    const ofSize = (bytes: number) => stored({ ...told, body: Buffer.alloc(bytes, 'x') })
    // Base64 makes four of three bytes, and a message of SQS has 1 MiB.
    const [carried, referred] = [await ofSize(600_000), await ofSize(700_000)]
    expect([carried.body?.length, carried.bodyref]).toEqual([800_000, undefined])
    expect([referred.body, referred.bodyref]).toEqual([
      undefined,
      expect.stringMatching(/^s3:\/\/memory\/quarantine\/_acme_20corp\/[0-9a-f]{64}$/),
    ])
    expect((await ofSize(700_001)).bodyref).not.toBe(referred.bodyref)
  })

  it.each([-1e300, -(2 ** 64), -(2 ** 63) - 2048, 2 ** 50 + 0.5])(
    'sends back the double %d, which amqplib would take for an integer',
    (double) => {
      expect(fromJsonValue({ double })).toEqual({ double: { '!': 'double', value: double } })
    },
  )
})
