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
  it('are 1.0 alone where nothing is said', () => {
    const tenant = parse('events: [task.create, record.update]')
    expect(tenant.events2).toBeUndefined()
    expect(bound(tenant)).toEqual([['tenant.acme.events', ['task.create', 'record.update']]])
  })

  it('are 2.0 alone, with the types that are turned on', () => {
    const tenant = parse('events: [record-changed]', 'wire: 2.0')
    expect(tenant.events2).toEqual({
      target: 'ecos-eventbridge-acme',
      only: true,
      interests: { 'record-changed': { attributes: [] } },
    })
    expect(bound(tenant)).toEqual([['ecos-events', ['ecos-eventbridge-acme']]])
  })

  it('are both during a change-over, in which what both announce is taken from 2.0', () => {
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

  it('bring attributes and filters as tenants.yml asks for them, also of types of its own', () => {
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
    [['target: own'], 'target: is for wire 2.0 alone'],
    [['recordEvents: {a: {attributes: []}}'], 'recordEvents: is for wire 2.0 alone'],
    [['wire: 2.0', 'events: [task.create]'], 'task.create does not come over wire 2.0'],
    [['wire: 2.0', 'target: "a/b"'], 'target: is not the name'],
    [['wire: 2.0', 'recordEvents: {a: {attributes: ["{b,c}"]}}'], 'recordEvents.a.attributes.0'],
  ])('are refused where they are %j', (lines, problem) => {
    expect(() => parse(...lines)).toThrow(expect.objectContaining({ code: 'invalid-tenants' }))
    expect(() => parse(...lines)).toThrow(problem)
  })

  it('are 2.0 for one tenant of a cell at most, since the exchange is not parted by tenants', () => {
    const tenants = parseTenants('tenants: {a: {wire: 2.0}, b: {wire: 2.0}}', 'tenants.yml')
    expect(() => planCell(tenants, 'main')).toThrow(
      expect.objectContaining({ code: 'several-events-2' }),
    )
  })
})
