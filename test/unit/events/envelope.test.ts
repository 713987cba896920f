import { describe, expect, it } from '@jest/globals'
import { envelope } from '../../../lib/events/envelope.ts'

const least = {
  specversion: '1.0',
  id: 'e1',
  source: '/ecos/tenants/acme',
  type: 'task.create',
  tenantid: 'acme',
  datacontenttype: 'application/json',
}

describe('an envelope', () => {
  it.each([
    ['the least that is needed', {}],
    ['data', { data: { id: 1, list: [null] } }],
    ['data elsewhere', { dataref: 's3://bucket/key' }],
    ['a time and a subject', { time: '2026-01-01T00:00:00Z', subject: 'emodel/contract@42' }],
    ['an extension that is not ours', { partitionkey: 'x' }],
  ])('may hold %s', (_, more) => {
    expect(envelope.parse({ ...least, ...more })).toEqual({ ...least, ...more })
  })

  it('goes on without a trace that is none', () => {
    const { traceparent, ...rest } = envelope.parse({ ...least, traceparent: '00-1-2-01' })
    expect(traceparent).toBeUndefined()
    expect(rest).toEqual(least)
  })

  it.each(Object.keys(least))('is none without %s', (field) => {
    const { error } = envelope.safeParse({ ...least, [field]: undefined })
    expect(error?.issues).toMatchObject([{ path: [field] }])
  })

  it.each([
    ['specversion', '0.3'],
    ['id', ''],
    ['source', ''],
    ['type', ''],
    ['tenantid', ''],
    ['datacontenttype', 'text/plain'],
    ['data', 'text'],
    ['data', [1]],
    ['dataref', 'https://elsewhere.example/'],
    ['time', 5],
    ['subject', null],
  ])('has no %s that is %j', (field, value) => {
    const { error } = envelope.safeParse({ ...least, [field]: value })
    expect(error?.issues).toMatchObject([{ path: [field] }])
  })
})
