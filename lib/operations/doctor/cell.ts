import { channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import { cellPrefix, kebab } from '../../tenants/names.ts'
import {
  type CellPlan,
  countResources,
  maxResources,
  maxRules,
  usedRules,
} from '../../tenants/plan.ts'
import { attempt, deploy, examine, type Finding, few, ok, skipped, wrong } from './finding.ts'
import { type AccountQuotas, examineAccountQuotas } from './quotas.ts'
import { compareRules, type DeployedRule } from './rules.ts'

/** Questions to the account. Each rejects with an EcosError that says what to do. */
export interface DeployedCell {
  /** The caller's ARN. */
  identity(): Promise<string>
  /** @throws EcosError `bus-missing` */
  checkBus(busName: string): Promise<void>
  rules(busName: string): Promise<readonly DeployedRule[]>
  /** The names of the queues that start with the prefix. */
  queues(prefix: string): Promise<readonly string[]>
  /** The account's quotas in the region. */
  quotas(): Promise<AccountQuotas>
  /** Makes sure that a table exists and can be read. */
  checkTable(name: string): Promise<void>
}

/** Reports the caller's identity, and whether the deployed cell matches tenants.yml. */
export async function examineCell(plan: CellPlan, account: DeployedCell): Promise<Finding[]> {
  const prefix = cellPrefix(plan.cell)
  const findings = await Promise.all([
    examine('identity', account.identity, (arn) => ok('identity', arn)),
    examine(
      'bus',
      () => account.checkBus(prefix),
      () => ok('bus', prefix),
    ),
    examine(
      'rules',
      () => account.rules(prefix),
      (rules) => compareRules(plan, rules),
    ),
    examine(
      'queues',
      () => account.queues(`${prefix}-`),
      (names) => compareQueues(prefix, names),
    ),
    examine(
      'subscriptions table',
      () => account.checkTable(`${prefix}-subscriptions`),
      () => ok('subscriptions table', `${prefix}-subscriptions`),
    ),
  ])
  const quotas = await attempt('account quotas', account.quotas)
  return [
    examineQuotas(plan),
    // A local AWS has no Service Quotas, and an operator may lack the permission: neither harms the cell.
    ...('finding' in quotas
      ? [skipped('account quotas', quotas.finding.text)]
      : examineAccountQuotas(plan, quotas.result)),
    ...findings.flat(),
  ]
}

/** Planning refuses a cell that is too large; this tells how near the limits it is. */
function examineQuotas(plan: CellPlan): Finding {
  const rules = `${usedRules(plan)} of ${maxRules} rules`
  return ok('quotas', `${rules}, ${countResources(plan)} of ${maxResources} resources`)
}

function compareQueues(prefix: string, names: readonly string[]): Finding {
  const fed = [...eventTypes.map(kebab), ...channelNames].map((name) => `${prefix}-${name}`)
  const expected = [...fed, ...fed.map((name) => `${name}-dlq`), `${prefix}-quarantine`]
  const missing = expected.filter((name) => !names.includes(name))
  return missing.length === 0
    ? ok('queues', `${expected.length}, with their dead-letter queues`)
    : wrong('queues', `${few(missing)} are missing: ${deploy}`)
}
