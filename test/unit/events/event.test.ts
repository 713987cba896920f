import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { envelope } from '../../../lib/events/envelope.ts'
import { decodeEvent, type EcosEvent, envelopeBytes } from '../../../lib/events/event.ts'

const wire = readFileSync('test/fixtures/events-1.0.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { exchange: string; routingKey: string; body: string })

function decode(body: string | Uint8Array, routingKey = 'task.create') {
  return decodeEvent('acme', routingKey, Buffer.from(body))
}

function decodeOne(data: object): EcosEvent {
  const decoded = decode(JSON.stringify({ data: { type: 'task.create', ...data } }))
  if (decoded.outcome === 'refused') throw new Error(decoded.explanation)
  return decoded.event
}

describe('decodeEvent', () => {
  it.each(wire)('reads what the real producer sends: $routingKey', ({ routingKey, body }) => {
    const decoded = decode(body, routingKey)
    expect(decoded).toMatchObject({ outcome: 'event', event: { tenant: 'acme', type: routingKey } })
    const { event } = decoded as { event: EcosEvent }
    const { data } = JSON.parse(body)
    expect(event.subject).toBe(data.docId)
    expect(event.time?.getTime()).toBe(data.createdDate ?? undefined)
    if (data.id !== null) expect(event.id).toBe(data.id)
  })

  it.each([
    ['empty-body', ''],
    ['not-utf8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['not-json', '{data={type=task.create}}'],
    ['not-json', '{"data":{"type":"task.create"}'],
    ['not-an-event', 'null'],
    ['not-an-event', '[{"data":{}}]'],
    ['not-an-event', '{"type":"task.create"}'],
    ['not-an-event', '{"data":null}'],
    ['not-an-event', '{"data":["task.create"]}'],
    ['no-type', '{"data":{"id":"1"}}'],
    ['no-type', '{"data":{"type":null}}'],
    ['unknown-type', '{"data":{"type":"task.crate"}}'],
    ['unknown-type', '{"data":{"type":"constructor"}}'],
    ['type-mismatch', '{"data":{"type":"task.assign"}}'],
    ['too-deep', `{"data":{"type":"task.create","x":${'['.repeat(999)}${']'.repeat(999)}}}`],
    ['too-deep', `{"data":{"type":"task.create","x":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`],
  ])('refuses as %s', (reason, body) => {
    expect(decode(body)).toMatchObject({ outcome: 'refused', reason })
  })

  it('never puts what the body says into an explanation', () => {
    const decoded = decode('{"data":{"type":"secret of ivanov"}}')
    expect(JSON.stringify(decoded)).not.toContain('ivanov')
  })

  it('takes JSON nested as deep as the bus takes it', () => {
    const body = `{"data":{"type":"task.create","x":${'['.repeat(998)}${']'.repeat(998)}}}`
    expect(decode(body).outcome).toBe('event')
  })

  it('never throws, whatever the body is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json(), fc.string()), (body) => {
        expect(['event', 'refused']).toContain(decode(body).outcome)
      }),
    )
  })

  it('gives an event without an id one that a redelivery has again, and no other message', () => {
    const ids = [
      { id: null },
      { id: null },
      { id: null, n: 1 },
      { id: '' },
      { id: 7 },
      { id: 'a\nb' },
    ]
      .map(decodeOne)
      .map(({ id }) => id)
    expect(ids.every((id) => /^[0-9a-f]{64}$/.test(id))).toBe(true)
    expect(ids[0]).toBe(ids[1])
    expect(new Set(ids).size).toBe(5)
  })

  it('gives the same body of two tenants two ids', () => {
    const body = Buffer.from('{"data":{"id":null,"type":"task.create"}}')
    const [acme, other] = ['acme', 'other'].map((tenant) =>
      decodeEvent(tenant, 'task.create', body),
    )
    expect(acme).toMatchObject({ outcome: 'event' })
    expect((acme as { event: EcosEvent }).event.id).not.toBe(
      (other as { event: EcosEvent }).event.id,
    )
  })

  it.each([null, 0, -1, Date.UTC(10_000, 0), 1e20, 'yesterday', Number.NaN])(
    'takes %p for no time at all',
    (createdDate) => {
      expect(decodeOne({ createdDate }).time).toBeUndefined()
    },
  )

  it.each([1767225600000, '1767225600000', 1767225600.5, '2026-01-01T00:00:00.000+0000'])(
    'takes the time %p, however it is written',
    (createdDate) => {
      expect(decodeOne({ createdDate }).time?.getUTCFullYear()).toBe(2026)
    },
  )

  it('goes by its body alone where no routing key is known', () => {
    const body = Buffer.from('{"data":{"type":"task.assign"}}')
    const event = { tenant: 'acme', type: 'task.assign' }
    expect(decodeEvent('acme', undefined, body)).toMatchObject({ outcome: 'event', event })
  })

  it('reads the text that its caller has decoded, in place of the bytes', () => {
    const text = '{"data":{"type":"task.create","taskTitle":"Счёт"}}'
    const bytes = Buffer.from('{"data":{"type":"task.create","taskTitle":"?"}}')
    const decoded = decodeEvent('acme', 'task.create', bytes, { outcome: 'text', text })
    expect(decoded).toMatchObject({ outcome: 'event' })
    const { data } = (decoded as { event: EcosEvent }).event
    expect(JSON.parse(String(data))).toEqual(JSON.parse(text).data)
    const refused = { outcome: 'refused', reason: 'too-large', explanation: 'test' } as const
    expect(decodeEvent('acme', 'task.create', bytes, refused)).toBe(refused)
  })

  it.each([
    ['{"tenant":"other","data":{"type":"task.create"}}', true],
    ['{"data":{"type":"task.create","tenantId":"other"}}', true],
    ['{"tenantid":"acme","data":{"type":"task.create","tenant":"other"}}', true],
    ['{"tenant":"acme","data":{"type":"task.create","tenantId":"acme"}}', false],
    ['{"data":{"type":"task.create","tenantId":7}}', false],
    ['{"data":{"type":"task.create","attributes":{"tenant":"other"}}}', false],
  ])('is of its queue’s tenant, and tells whether %s names another: %s', (body, named) => {
    const { event } = decode(body) as { event: EcosEvent }
    expect([event.tenant, event.namesOtherTenant === true]).toEqual(['acme', named])
  })

  it('takes a time up to the last moment of the year 9999, the last that RFC 3339 writes', () => {
    const last = Date.UTC(10_000, 0) - 1
    expect(decodeOne({ createdDate: last }).time?.toISOString()).toBe('9999-12-31T23:59:59.999Z')
  })
})

describe('envelopeBytes', () => {
  it('is a CloudEvents object that carries the data as it was sent', () => {
    const body =
      '{"data":{"type":"task.create","id":"7","createdDate":1795524882764,"docId":"doc@1","n":12345678901234567890}}'
    const decoded = decode(body) as { event: EcosEvent }
    const text = String(envelopeBytes(decoded.event))
    expect(text).toContain('"n":12345678901234567890')
    expect(envelope.parse(JSON.parse(text))).toMatchObject({
      specversion: '1.0',
      id: '7',
      source: '/ecos/tenants/acme',
      type: 'task.create',
      time: '2026-11-24T12:54:42.764Z',
      subject: 'doc@1',
      tenantid: 'acme',
      datacontenttype: 'application/json',
      data: { id: '7' },
    })
  })

  it('refers to data that lies elsewhere', () => {
    const parsed = JSON.parse(String(envelopeBytes(decodeOne({ id: '7' }), 's3://bucket/key')))
    expect(parsed.dataref).toBe('s3://bucket/key')
    expect(parsed).not.toHaveProperty('data')
  })

  it('keeps any data whole', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.json()), (values) => {
        const data = { ...values, type: 'task.create' }
        expect(JSON.parse(String(envelopeBytes(decodeOne(data)))).data).toEqual(
          JSON.parse(JSON.stringify(data)),
        )
      }),
    )
  })
})
