import { describe, expect, it } from '@jest/globals'
import { topologiesOf } from '../../../lib/bridge/topology.ts'
import { planCell } from '../../../lib/tenants/plan.ts'
import { parseTenants, type Tenant } from '../../../lib/tenants/tenants-file.ts'

function parse(...lines: string[]): Tenant {
  const [tenant] = parseTenants(`tenants:\n  acme:\n    ${lines.join('\n    ')}`, 'tenants.yml')
  if (tenant === undefined) throw new Error('no tenant')
  return tenant
}

const bound = (tenant: Tenant) => topologiesOf(tenant).map(({ exchange, bind }) => [exchange, bind])

describe('the wires of a tenant', () => {
  it('are 1.0 only by default', () => {
    const tenant = parse('events: [task.create, record.update]')
    expect(tenant.events2).toBeUndefined()
    expect(bound(tenant)).toEqual([['tenant.acme.events', ['task.create', 'record.update']]])
  })

  it('are 2.0 only, with the enabled types', () => {
    const tenant = parse('events: [record-changed]', 'wire: 2.0')
    expect(tenant.events2).toEqual({
      target: 'ecos-eventbridge-acme',
      only: true,
      interests: { 'record-changed': { attributes: [] } },
    })
    expect(bound(tenant)).toEqual([['ecos-events', ['ecos-eventbridge-acme']]])
  })

  it('are both during a change-over, and a type of both wires is taken from 2.0', () => {
    const tenant = parse(
      'events: [task.create, record.create, record.update, record-changed]',
      "wire: ['1.0', '2.0']",
      'target: own.name',
    )
    expect(bound(tenant)).toEqual([
      ['tenant.acme.events', ['task.create', 'record.create', 'record-changed']],
      ['ecos-events', ['own_u002E_name']],
    ])
    expect(topologiesOf(tenant)[0]?.unbind).toContain('record.update')
  })

  it('bring the attributes and filters that tenants.yml asks for, also of custom types', () => {
    const tenant = parse(
      'wire: 2.0',
      'recordEvents:',
      '  contract-signed: {attributes: [title?disp], filter: {t: eq, att: kind, val: sale}}',
    )
    expect(tenant.events2?.interests).toEqual({
      'contract-signed': {
        attributes: ['title'],
        filter: { t: 'eq', att: 'kind', val: 'sale' },
      },
    })
  })

  it.each([
    [['wire: 3.0'], 'wire'],
    [['recordEvents: {a: {attributes: []}}'], 'recordEvents: is allowed with wire 2.0 only'],
    [['wire: 2.0', 'events: [task.create]'], 'task.create does not come over wire 2.0'],
    [['wire: 2.0', 'target: "a/b"'], 'target: is not an application name'],
    [['wire: 2.0', 'recordEvents: {a: {attributes: ["{b,c}"]}}'], 'recordEvents.a.attributes.0'],
  ])('are refused for %j', (lines, problem) => {
    expect(() => parse(...lines)).toThrow(expect.objectContaining({ code: 'invalid-tenants' }))
    expect(() => parse(...lines)).toThrow(problem)
  })

  it('are 2.0 for at most one tenant of a cell, because all tenants share the exchange', () => {
    const tenants = parseTenants('tenants: {a: {wire: 2.0}, b: {wire: 2.0}}', 'tenants.yml')
    expect(() => planCell(tenants, 'main')).toThrow(
      expect.objectContaining({ code: 'several-events-2' }),
    )
  })
})
