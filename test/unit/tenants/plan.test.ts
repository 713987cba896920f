import { describe, expect, it } from '@jest/globals'
import { eventTypes } from '../../../lib/events/catalogue.ts'
import { ruleLogicalId, ruleName, rulesOfType } from '../../../lib/tenants/partition-rules.ts'
import {
  amazonMqResources,
  countResources,
  planCell,
  usedRules,
} from '../../../lib/tenants/plan.ts'
import type { Tenant } from '../../../lib/tenants/tenants-file.ts'
import { cellOf } from '../../support/cell.ts'

function tenant(id: string, overrides: Partial<Tenant> = {}): Tenant {
  return { id, events: eventTypes, locale: 'ru', cell: 'main', ...overrides }
}

const many = (count: number, overrides: Partial<Tenant> = {}) =>
  Array.from({ length: count }, (_, index) => tenant(`t${index}`, overrides))

describe('planCell', () => {
  it('has a rule of each type for each partition and one for the rest, whoever its tenants are', () => {
    const plan = planCell([tenant('a', { events: [] }), tenant('b', { cell: 'other' })], 'main')
    expect(plan.tenants.map(({ id }) => id)).toEqual(['a'])
    expect(plan.rules).toHaveLength(17 * eventTypes.length)
    expect(planCell(many(10_000), 'main').rules).toEqual(plan.rules)
    const two = planCell(many(1), 'main', { partitions: 2, reservedRules: 0 })
    const names = two.rules.map(ruleName).filter((name) => name.startsWith('task.create'))
    expect(names).toEqual(['task.create.p00', 'task.create.p01', 'task.create.default'])
  })

  // A rule for each tenant and type had filled the bus with 27 of the first, and a queue with 71 of the others.
  it.each([
    ['28 tenants with all types', many(28)],
    ['300 with one type', many(300, { events: ['task.create'] })],
  ])('plans %s', (_, tenants) => {
    expect(planCell(tenants, 'main')).toMatchObject({ tenants, rulesLeft: 300 - 1 - 17 * 11 })
  })

  it('has rules for the types of a tenant with a partition of its own', () => {
    const own = tenant('big', { events: ['task.create', 'task.assign'], partition: 'own' })
    const { rules, rulesLeft } = planCell([tenant('a'), own], 'main')
    expect(
      rules
        .filter((rule) => rule.tenant === 'big')
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['task.assign', 'task.create'])
    expect(rulesLeft).toBe(300 - 1 - 17 * 11 - 2)
  })

  it('has the rules of a cell whose last tenant has gone: it may be drained, updated and removed', () => {
    const { rules } = planCell([tenant('a', { cell: 'other' })], 'main')
    expect(rules).toEqual(planCell([tenant('a')], 'main').rules)
    const resources = (tenants: readonly Tenant[]) => Object.keys(cellOf(tenants).resources)
    expect(resources([])).toEqual(resources([tenant('a')]))
  })

  it('refuses more rules than a bus takes beside those that are kept free', () => {
    const own = many(6, { partition: 'own' })
    expect(planCell(own.slice(1), 'main').rulesLeft).toBe(57)
    expect(() => planCell(own, 'main')).toThrow(
      "The cell main would have 254 rules on its bus and keeps 50 for tenants' functions (reservedRules), " +
        'and AWS allows 300: lower the setting partitions',
    )
    const settings = { partitions: 27, reservedRules: 0 }
    expect(() => planCell(many(1), 'main', settings)).toThrow('would have 309 rules on its bus')
  })

  it('takes as many rules as leave free what is kept free, and no more', () => {
    const free = planCell(many(1), 'main', { partitions: 16, reservedRules: 0 }).rulesLeft
    const plan = planCell(many(1), 'main', { partitions: 16, reservedRules: free })
    // With the rule that EventBridge makes for the archive.
    expect(usedRules(plan)).toBe(17 * eventTypes.length + 1)
    const settings = { partitions: 16, reservedRules: free + 1 }
    expect(() => planCell(many(1), 'main', settings)).toThrow(/would have 188 rules on its bus/)
  })

  it('refuses a partition that the cell has not', () => {
    const last = [tenant('a', { partition: 0 }), tenant('b', { partition: 15 })]
    expect(planCell(last, 'main').tenants).toEqual(last)
    expect(() => planCell([tenant('a', { partition: 16 })], 'main')).toThrow(
      expect.objectContaining({
        code: 'no-such-partition',
        message: expect.stringContaining(
          'The tenant a has the partition 16, and the partitions of its cell are 0 to 15',
        ),
      }),
    )
  })

  it('refuses a pattern that is longer than EventBridge takes', () => {
    const own = many(60, { events: ['task.create'], partition: 'own' })
    expect(() => planCell(own, 'main')).toThrow('The pattern of the rule task.create.default')
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

describe('the names of rules', () => {
  it('are distinct, within the limit and as the queues’ policies expect', () => {
    const { rules } = planCell([...many(5, { partition: 'own' })], 'main')
    const names = rules.map(ruleName)
    expect(new Set(names).size).toBe(rules.length)
    for (const rule of rules) {
      expect(ruleName(rule)).toMatch(/^[.\-_A-Za-z0-9]{1,64}$/)
      expect(ruleName(rule).startsWith(rulesOfType(rule.type).replace('*', ''))).toBe(true)
    }
    const logicalIds = rules.map(ruleLogicalId)
    expect(new Set(logicalIds).size).toBe(rules.length)
    expect(logicalIds.every((id) => /^[A-Za-z0-9]{1,255}$/.test(id))).toBe(true)
  })
})
