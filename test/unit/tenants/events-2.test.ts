import { describe, expect, it } from '@jest/globals'
import { topologiesOf } from '../../../lib/bridge/topology.ts'
import {
  defaultTarget,
  events2Tenant,
  events2Types,
  findWireFault,
} from '../../../lib/tenants/events-2.ts'
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
    [['wire: 3.0'], 'acme.wire: is neither 1.0 nor 2.0 nor a list of them'],
    [['wire: []'], 'acme.wire: is neither 1.0 nor 2.0 nor a list of them'],
    [['wire: [2.0, 3.0]'], 'acme.wire: is neither 1.0 nor 2.0 nor a list of them'],
    [['wire: 2.0', `target: ${'a'.repeat(129)}`], 'target: is not an application name'],
    [['wire: 2.0', 'target: -a'], 'target: is not an application name'],
    [['wire: 2.0', 'target: "a "'], 'target: is not an application name'],
    [['wire: 2.0', `recordEvents: {"": {attributes: []}}`], 'recordEvents'],
    [['wire: 2.0', `recordEvents: {${'a'.repeat(129)}: {attributes: []}}`], 'recordEvents'],
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

  it('may be written as numbers, and are only 2.0 where 1.0 is not among them', () => {
    expect(parse('wire: [2.0]').events2?.only).toBe(true)
    expect(parse('wire: [1.0, 2.0]').events2?.only).toBe(false)
    expect(parse('wire: 1.0').events2).toBeUndefined()
    expect(parse('wire: [1.0]').events2).toBeUndefined()
  })

  it('take what tenants.yml asks for of a type that is on, in the place of no attributes', () => {
    const tenant = parse(
      'events: [record-changed, record-created, task.create]',
      'wire: [1.0, 2.0]',
      'recordEvents: {record-changed: {attributes: [a]}}',
    )
    expect(tenant.events2?.interests).toEqual({
      'record-created': { attributes: [] },
      'record-changed': { attributes: ['a'] },
    })
  })

  it('may have a target of up to 128 characters', () => {
    const target = 'a'.repeat(128)
    expect(parse('wire: 2.0', `target: ${target}`).events2?.target).toBe(target)
    expect(defaultTarget('acme')).toBe('ecos-eventbridge-acme')
    expect(defaultTarget('a'.repeat(111))).toBe(`ecos-eventbridge-${'a'.repeat(111)}`)
    expect(defaultTarget('a'.repeat(112))).toHaveLength(128)
  })

  it('bring record events by 2.0, and all others by 1.0', () => {
    expect(events2Types).toEqual([
      ...['record-created', 'record-changed', 'record-deleted', 'record-status-changed'],
    ])
  })
})

describe('a contradiction to the wires', () => {
  const recordEvents = { a: { attributes: [] } }
  it.each([
    [{ wire: ['1.0'], recordEvents }, 'recordEvents'],
    [{ wire: ['2.0'], broker: 'cloud' }, 'broker'],
    [{ wire: ['1.0', '2.0'], broker: 'cloud' }, 'broker'],
    [{ wire: ['2.0'], events: ['record-changed', 'task.create'] }, 'events'],
  ] as const)('is in %j: %s', (entry, field) => {
    expect(findWireFault(entry)).toEqual({ field, problem: expect.stringMatching(/2\.0/) })
  })

  it.each([
    { wire: ['1.0'] },
    { wire: ['1.0'], broker: 'cloud', events: ['task.create', 'record-changed'] },
    { wire: ['2.0'], recordEvents },
    { wire: ['2.0'], events: null },
    { wire: ['2.0'], events: ['record-changed'] },
    { wire: ['1.0', '2.0'], events: ['task.create', 'record-changed'] },
  ] as const)('is not in %j', (entry) => expect(findWireFault(entry)).toBeUndefined())
})

describe('the tenant that speaks events 2.0', () => {
  const events2 = { target: 't', interests: {}, only: true }
  const [one, two, other] = [{ id: 'a', events2 }, { id: 'b', events2 }, { id: 'c' }]

  it('is one or none', () => {
    expect(events2Tenant([other, one])).toBe(one)
    expect(events2Tenant([other])).toBeUndefined()
    expect(events2Tenant([])).toBeUndefined()
  })

  it('is not one of two, which are both named', () => {
    const find = () => events2Tenant([other, one, two])
    expect(find).toThrow(expect.objectContaining({ code: 'several-events-2' }))
    expect(find).toThrow('The tenants a and b both speak events 2.0')
  })
})
