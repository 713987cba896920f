import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { eventTypes } from '../../../lib/events/catalogue.ts'
import {
  maxRuleNameLength,
  ruleLogicalId,
  ruleName,
  rulesOfType,
} from '../../../lib/tenants/names.ts'
import { amazonMqResources, countResources, planCell } from '../../../lib/tenants/plan.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'

function tenant(id: string, overrides: Partial<Tenant> = {}): Tenant {
  return { id, events: eventTypes, locale: 'ru', cell: 'main', ...overrides }
}

const tenantIds = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)

describe('planCell', () => {
  it('has a rule for each tenant of the cell and each of its enabled types', () => {
    const plan = planCell(
      [tenant('a', { events: ['task.create'] }), tenant('b', { cell: 'other' })],
      'main',
    )
    expect(plan.rules).toEqual([{ tenant: 'a', type: 'task.create' }])
    expect(plan.tenants.map(({ id }) => id)).toEqual(['a'])
  })

  it('refuses a cell without tenants', () => {
    expect(() => planCell([tenant('a')], 'mian')).toThrow(
      'No tenant in tenants.yml has the cell mian',
    )
  })

  it('refuses more rules than a bus allows, before anything is deployed', () => {
    const tenants = Array.from({ length: 28 }, (_, index) => tenant(`t${index}`))
    expect(() => planCell(tenants, 'main')).toThrow(
      'The cell main would have 309 rules on its bus, and AWS allows 300',
    )
  })

  it('has a source for each tenant at an Amazon MQ broker, and counts it', () => {
    const broker = { name: 'cloud', amazonMq: 'arn', secret: 'arn', virtualHost: '/' }
    const atBroker = (count: number) =>
      Array.from({ length: count }, (_, index) => tenant(`t${index}`, { events: [], broker }))
    const plan = planCell([...atBroker(2), tenant('drained')], 'main')
    expect(plan.sources).toEqual([
      { tenant: 't0', broker },
      { tenant: 't1', broker },
    ])
    const free = 500 - countResources(planCell([tenant('t', { events: [] })], 'main'))
    expect(() => planCell(atBroker(free - amazonMqResources), 'main')).not.toThrow()
    expect(() => planCell(atBroker(free - amazonMqResources + 1), 'main')).toThrow(
      'The cell main would have 501 resources in its stack, and AWS allows 500',
    )
  })
})

describe('names', () => {
  it('are distinct, within the limit and as the queues’ policies expect for any tenants', () => {
    fc.assert(
      fc.property(fc.uniqueArray(tenantIds, { minLength: 2 }), (ids) => {
        const names = ids.map((id) => ruleName('task.complete', id))
        expect(new Set(names).size).toBe(ids.length)
        expect(names.every((name) => name.length <= maxRuleNameLength)).toBe(true)
        const prefix = rulesOfType('task.complete').replace('*', '')
        expect(names.every((name) => name.startsWith(prefix))).toBe(true)
        const logicalIds = ids.map((id) => ruleLogicalId('task.complete', id))
        expect(new Set(logicalIds).size).toBe(ids.length)
        expect(logicalIds.every((id) => /^[A-Za-z0-9]{1,255}$/.test(id))).toBe(true)
      }),
    )
  })
})
