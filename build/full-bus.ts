import { EcosError } from '../lib/errors.ts'
import { type DeployedRule, isOfArchive } from '../lib/operations/doctor/rules.ts'
import { cellPrefix } from '../lib/tenants/names.ts'
import { ruleName } from '../lib/tenants/partition-rules.ts'
import { type CellPlan, maxRules, usedRules } from '../lib/tenants/plan.ts'

/**
 * Refuses a deployment for which the bus has no room: it would fail half-way. CloudFormation adds new rules before it
 * removes those that are no longer planned, and the rules of tenants' own functions count too.
 *
 * @param onBus the rules on the bus
 * @throws EcosError `bus-full`
 */
export function refuseTooManyRules(plan: CellPlan, onBus: readonly DeployedRule[]): void {
  const planned = new Set(plan.rules.map(ruleName))
  const others = onBus.filter((rule) => !planned.has(rule.name) && !isOfArchive(plan, rule))
  const count = usedRules(plan) + others.length
  if (count <= maxRules) return
  throw new EcosError(
    'bus-full',
    `The bus ${cellPrefix(plan.cell)} would have ${count} rules during the deployment, and AWS allows ${maxRules}: ` +
      `${others.length} that are there are not planned, such as those of tenants' own functions. Have fewer ` +
      'partitions or tenants with partition: own, remove rules that nobody needs, or have the quota raised',
  )
}
