import { describe, expect, it } from '@jest/globals'
import { sampleData } from '../../../lib/events/catalogue.ts'
import { failsAgain } from '../../../lib/operations/fails-again.ts'
import { dataOfLetter } from '../../../lib/operations/letter-data.ts'

const data = sampleData('task.create')
const detail = {
  ...{ specversion: '1.0', id: 'e1', type: 'task.create', tenantid: 'acme', data },
  ...{ source: '/ecos/tenants/acme', datacontenttype: 'application/json' },
}
const event = (changes: object = {}) =>
  JSON.stringify({
    ...{ source: 'ecos.acme', 'detail-type': 'task.create' },
    detail: { ...detail, ...changes },
  })
const record = (body: string, more: object = {}) =>
  JSON.stringify({
    ...{ tenant: 'acme', queue: 'tenant.acme.eventbridge', routingKey: 'task.create' },
    ...{ properties: {}, body: Buffer.from(body).toString('base64'), ...more },
  })

describe('a letter that is sent back', () => {
  it.each([
    ['an event that can be read', 'event', event(), 'killed-handler: x', undefined],
    ['a text that is no event', 'event', 'no JSON', 'x', { why: 'letter', code: 'invalid-event' }],
    [
      'an event of another tenant than its source',
      'event',
      event({ tenantid: 'globex' }),
      'x',
      { why: 'letter', code: 'tenant-mismatch' },
    ],
    [
      'an event whose data is kept elsewhere',
      'event',
      event({ data: undefined, dataref: 's3://b/k' }),
      'x',
      undefined,
    ],
    [
      'a notification that has expired',
      'notification',
      '{}',
      'notification-expired: over',
      { why: 'expired', code: 'notification-expired' },
    ],
    [
      'what is no notification',
      'notification',
      '{}',
      'x',
      { why: 'letter', code: 'invalid-notification' },
    ],
    [
      'a message that still is not JSON',
      'quarantined',
      record('{"data":'),
      'not-json',
      { why: 'letter', code: 'not-json' },
    ],
    [
      'a message that this version can read',
      'quarantined',
      record(JSON.stringify({ data })),
      'not-json',
      undefined,
    ],
    [
      'a message of a tenant that is unknown',
      'quarantined',
      record('{}', { tenant: 'globex' }),
      'unknown-tenant',
      { why: 'tenant', code: 'unknown-tenant' },
    ],
    [
      'a message of a tenant that is known by now',
      'quarantined',
      record('{}'),
      'unknown-tenant',
      undefined,
    ],
  ] as const)('%s', async (_, kind, body, reason, expected) => {
    const found = await failsAgain({ kind, body, reason }, ['acme'])
    expect(found).toEqual(expected && expect.objectContaining(expected))
  })

  it('is not refused for its tenant where the tenants can not be read', async () => {
    const body = record('{}', { tenant: 'globex' })
    const letter = { kind: 'quarantined', body, reason: 'unknown-tenant' } as const
    expect(await failsAgain(letter, undefined)).toBeUndefined()
  })
})

it('the data of an event is found in every kind of letter that has it', () => {
  const message = JSON.stringify({ data })
  const sent = JSON.parse(JSON.stringify(data))
  expect(dataOfLetter({ kind: 'event', body: event() })).toEqual(sent)
  expect(dataOfLetter({ kind: 'message', body: message })).toEqual(sent)
  expect(dataOfLetter({ kind: 'quarantined', body: record(message) })).toEqual(sent)
  for (const kind of ['event', 'message', 'quarantined', 'notification'] as const) {
    expect(dataOfLetter({ kind, body: 'no JSON' })).toBeUndefined()
  }
})
