import { expect, it } from '@jest/globals'
import { refuseTooManyRules } from '../../../build/full-bus.ts'
import { ruleName } from '../../../lib/tenants/partition-rules.ts'
import { defaultRuleSettings, planCell } from '../../../lib/tenants/plan.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const planOf = (yaml: string) =>
  planCell(parseTenants(`tenants: { ${yaml} }`, 'tenants.yml'), 'main', defaultRuleSettings)
const rule = (name: string) => ({ name, enabled: true, pattern: '{}' })
const functionRules = (count: number) => Array.from({ length: count }, (_, at) => rule(`f-${at}`))
const own = 'partition: own, events: [task.create, task.assign]'

it('a deployment is refused for which the bus has no room beside the rules that are there', () => {
  const plan = planOf('acme: {}')
  const deployed = plan.rules.map((planned) => rule(ruleName(planned)))
  // Of 300, the cell has 187, and the archive one.
  const others = [...functionRules(112), rule('Events-Archive-ecos-main')]
  refuseTooManyRules(plan, [...deployed, ...others])
  refuseTooManyRules(plan, [])
  expect(() => refuseTooManyRules(plan, [...deployed, ...others, rule('more')])).toThrow(
    expect.objectContaining({
      code: 'bus-full',
      message: expect.stringMatching(/ecos-main would have 301 rules .* 113 that are there/),
    }),
  )
})

it('a deployment adds rules before it removes those of a tenant that has gone', () => {
  const before = planOf(`gone: { ${own} }`).rules.map((planned) => rule(ruleName(planned)))
  const next = planOf(`new: { ${own} }`)
  refuseTooManyRules(next, [...before, ...functionRules(108)])
  expect(() => refuseTooManyRules(next, [...before, ...functionRules(109)])).toThrow(
    expect.objectContaining({ code: 'bus-full' }),
  )
})
