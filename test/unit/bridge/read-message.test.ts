import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { noTenant } from '../../../lib/bridge/bridge-queue.ts'
import type { QueuedMessage } from '../../../lib/bridge/message.ts'
import { readMessage } from '../../../lib/bridge/read-message.ts'

const body = Buffer.from('{"data":{"type":"task.create","id":"1"}}')
const message: QueuedMessage = {
  tenant: 'acme',
  queue: 'tenant.acme.eventbridge',
  exchange: 'tenant.acme.events',
  routingKey: 'task.create',
  properties: {},
  redelivered: false,
  body,
}
const event = { outcome: 'event', event: { tenant: 'acme', type: 'task.create', id: '1' } }

describe('readMessage', () => {
  it('reads a plain body at once', () => {
    expect(readMessage(message)).toMatchObject(event)
    const contentType = 'application/json; charset=utf-8'
    expect(readMessage({ ...message, properties: { contentType } })).toMatchObject(event)
  })

  it('reads an encoded body, and says what is wrong with it', async () => {
    const properties = { contentEncoding: 'gzip' }
    const packed = readMessage({ ...message, properties, body: gzipSync(body) })
    expect(packed).toBeInstanceOf(Promise)
    expect(await packed).toMatchObject(event)
    expect(await readMessage({ ...message, properties })).toMatchObject({
      outcome: 'refused',
      reason: 'broken-encoding',
    })
  })

  it('reads a body in another character set', async () => {
    const properties = { contentType: 'application/json; charset=utf-16le' }
    const utf16 = Buffer.from(String(body), 'utf16le')
    expect(await readMessage({ ...message, properties, body: utf16 })).toMatchObject(event)
  })

  it('goes by the routing key, but not by that of the default exchange, which is a queue', () => {
    const other = { ...message, routingKey: 'task.assign' }
    expect(readMessage(other)).toMatchObject({ outcome: 'refused', reason: 'type-mismatch' })
    expect(readMessage({ ...other, exchange: '' })).toMatchObject(event)
    const { exchange: _, routingKey: __, ...fromLambda } = message
    expect(readMessage(fromLambda)).toMatchObject(event)
  })

  it("reads in the tenant's own way, if it has one", () => {
    const own = Promise.resolve({ outcome: 'unasked' as const })
    expect(readMessage(message, () => own)).toBe(own)
  })

  it('refuses a message of no tenant, and says where it came from, in whichever way others are read', () => {
    const own = () => Promise.reject(new Error('not asked'))
    expect(readMessage({ ...message, tenant: noTenant, exchange: 'odd "name"' }, own)).toEqual({
      outcome: 'refused',
      reason: 'unknown-tenant',
      explanation: expect.stringMatching(/exchange "odd \\"name\\"".* tenant\.acme\.eventbridge/),
    })
    const { exchange: _, ...fromLambda } = { ...message, tenant: noTenant, queue: 'orders' }
    expect(readMessage(fromLambda)).toEqual({
      outcome: 'refused',
      reason: 'unknown-tenant',
      explanation: expect.stringMatching(/has the queue orders$/),
    })
  })
})
