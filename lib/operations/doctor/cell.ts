import { channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import { cellPrefix, kebab, ruleName } from '../../tenants/names.ts'
import { type CellPlan, countResources, maxResources, maxRules } from '../../tenants/plan.ts'
import { attempt, examine, type Finding, few, ok, skipped, wrong } from './finding.ts'
import { type AccountQuotas, examineAccountQuotas } from './quotas.ts'

/** A rule of the bus. */
export interface DeployedRule {
  readonly name: string
  readonly enabled: boolean
  /** The event pattern, in JSON. */
  readonly pattern: string
}

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

const deploy = 'deploy the cell (npx osls deploy --stage <cell>)'

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
  const rules = `${plan.rules.length} of ${maxRules} rules`
  return ok('quotas', `${rules}, ${countResources(plan)} of ${maxResources} resources`)
}

/** Compares rules whose names are ours; tenants may have rules of their own on the bus. */
export function compareRules(plan: CellPlan, rules: readonly DeployedRule[]): Finding[] {
  const subject = 'rules'
  const deployed = new Map(rules.map((rule) => [rule.name, rule]))
  const planned = new Map(plan.rules.map((rule) => [ruleName(rule.type, rule.tenant), rule]))
  const missing = [...planned.keys()].filter((name) => !deployed.has(name))
  const leftOver = rules
    .map(({ name }) => name)
    .filter((name) => isOurs(name) && !planned.has(name))
  const present = [...planned].flatMap(([name, { tenant, type }]) => {
    const rule = deployed.get(name)
    return rule
      ? [{ ...rule, expected: { source: [`ecos.${tenant}`], 'detail-type': [type] } }]
      : []
  })
  const disabled = present.filter(({ enabled }) => !enabled).map(({ name }) => name)
  const changed = present.filter(({ pattern, expected }) => !isSamePattern(pattern, expected))
  const problems = [
    [missing, `are in tenants.yml and not on the bus: ${deploy}`],
    [leftOver, `are on the bus and not in tenants.yml: ${deploy}`],
    [disabled, 'are disabled, so their events are lost: enable them'],
    [changed.map(({ name }) => name), `have another pattern than ours: ${deploy}`],
  ] as const
  const findings = problems.flatMap(([names, problem]) =>
    names.length > 0 ? [wrong(subject, `${few(names)} ${problem}`)] : [],
  )
  return findings.length > 0 ? findings : [ok(subject, `${planned.size}, as in tenants.yml`)]
}

function isOurs(name: string): boolean {
  return eventTypes.some((type) => name.startsWith(`${type}.`))
}

function isSamePattern(pattern: string, expected: Readonly<Record<string, string[]>>): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort())
  try {
    return sorted(JSON.parse(pattern)) === sorted(expected)
  } catch {
    return false
  }
}

function compareQueues(prefix: string, names: readonly string[]): Finding {
  const fed = [...eventTypes.map(kebab), ...channelNames].map((name) => `${prefix}-${name}`)
  const expected = [...fed, ...fed.map((name) => `${name}-dlq`), `${prefix}-quarantine`]
  const missing = expected.filter((name) => !names.includes(name))
  return missing.length === 0
    ? ok('queues', `${expected.length}, with their dead-letter queues`)
    : wrong('queues', `${few(missing)} are missing: ${deploy}`)
}
