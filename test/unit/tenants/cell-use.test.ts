import { expect, it } from '@jest/globals'
import { examineCell } from '../../../lib/operations/doctor/cell.ts'
import { useOf } from '../../../lib/tenants/cell-use.ts'
import { defaultRuleSettings, planCell, type RuleSettings } from '../../../lib/tenants/plan.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const tenants = parseTenants('tenants: { acme: { events: [task.create] } }', 'tenants.yml')

it('`tenants list` and `doctor` count the same rules and resources', async () => {
  const { rules, resources } = useOf(tenants, 'main', defaultRuleSettings)
  const plan = planCell(tenants, 'main', { partitions: 16, reservedRules: 0 })
  const nothing = () => Promise.reject(new Error('not asked here'))
  const account = {
    identity: nothing,
    checkBus: nothing,
    rules: nothing,
    queues: nothing,
    quotas: nothing,
    checkTable: nothing,
  }
  const findings = await examineCell(plan, account)
  expect(findings.find(({ subject }) => subject === 'quotas')?.text).toBe(
    `${rules.used} of ${rules.limit} rules, ${resources.used} of ${resources.limit} resources`,
  )
})

it('tells how many tenants may still have a partition of their own', () => {
  const ownLeft = (count: number, settings: Partial<RuleSettings> = {}) =>
    useOf(
      parseTenants(
        `tenants: {${Array.from({ length: count }, (_, at) => `t${at}: { partition: own, events: [task.create, task.assign, task.complete, task.delete] }`)}}`,
        'f',
      ),
      'main',
      { ...defaultRuleSettings, ...settings },
    ).ownLeft
  // Of 300 rules one is the archive's, 17 for each of 11 types are the cell's, and 50 are kept free.
  expect(ownLeft(0)).toBe(5)
  expect(ownLeft(15)).toBe(0)
  expect(ownLeft(15, { reservedRules: 0 })).toBe(4)
})
