import { describe, expect, it } from '@jest/globals'
import {
  amazonMqSourceLogicalId,
  archiveName,
  bridgeQueue,
  handlerName,
  pascal,
  poolBypass,
  poolQueue,
  senderName,
  tenantGroup,
  tenantOfExchange,
  tenantsTable,
} from '../../../lib/tenants/names.ts'

describe('names in AWS', () => {
  it('are those of the cell', () => {
    expect(tenantsTable('main')).toBe('ecos-main-tenants')
    expect(archiveName('main')).toBe('ecos-main')
  })

  it('of functions are those of the event type or channel', () => {
    expect(handlerName('record-status-changed')).toBe('on-record-status-changed')
    expect(handlerName('task.create')).toBe('on-task-create')
    expect(senderName('email')).toBe('send-email')
  })

  it.each([
    ['task.create', 'TaskCreate'],
    ['record-status-changed', 'RecordStatusChanged'],
    ['own-_acme__corp', 'OwnAcmeCorp'],
    ['Ромашка 7', '7'],
  ])('have of %j only what a logical id takes: %s', (text, name) => {
    expect(pascal(text)).toBe(name)
  })

  it('tell tenants apart of whose ids the same letters are left', () => {
    const ids = ['a-b', 'a.b', 'a b', 'A-B'].map(amazonMqSourceLogicalId)
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^AmazonMqSourceAB[0-9a-f]{8}$/)
  })

  it('of message groups fit into the target of a rule, which takes 100 characters', () => {
    expect(tenantGroup('a'.repeat(100))).toBe('a'.repeat(100))
    expect(tenantGroup('a'.repeat(101))).toHaveLength(100)
  })
})

describe('names at the broker', () => {
  it('of a queue and of its dead-letter queue fit into 255 bytes', () => {
    expect(bridgeQueue('acme')).toBe('tenant.acme.eventbridge')
    for (const id of ['a'.repeat(200), 'a'.repeat(300), 'я'.repeat(100)]) {
      expect(Buffer.byteLength(`${bridgeQueue(id)}.dead-letter`)).toBeLessThanOrEqual(255)
    }
  })

  it('tell the queue of a pool from that of its bypass', () => {
    expect(poolQueue('main', 'p03')).toBe('cell.main.p03.eventbridge')
    expect(poolBypass('main', 'p03')).toBe('cell.main.p03.bypass.eventbridge')
  })

  it.each([
    ['tenant.acme.events', 'acme'],
    ['tenant.a.events.events', 'a.events'],
    ['tenant.two\nlines.events', 'two\nlines'],
    ['tenant..events', undefined],
    ['tenant.acme.record-events', undefined],
    ['tenant.acme.events.copy', undefined],
    ['my.tenant.acme.events', undefined],
    ['', undefined],
  ])('of the exchange %j tell the tenant %s', (exchange, id) => {
    expect(tenantOfExchange(exchange)).toBe(id)
  })
})
