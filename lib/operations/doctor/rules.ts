import { isReplayName } from '../../events/replay-name.ts'
import { parseJson } from '../../parse.ts'
import { archiveName } from '../../tenants/names.ts'
import { type EventPattern, ruleName, typeOfRule } from '../../tenants/partition-rules.ts'
import { type CellPlan, maxRules } from '../../tenants/plan.ts'
import { deploy, type Finding, few, ok, wrong } from './finding.ts'

/** A rule of the bus. */
export interface DeployedRule {
  readonly name: string
  readonly enabled: boolean
  /** The event pattern, in JSON. */
  readonly pattern: string
}

/** Compares the rules whose names are ours, and counts all: a bus takes a limited number. */
export function compareRules(plan: CellPlan, rules: readonly DeployedRule[]): Finding[] {
  const subject = 'rules'
  const { ours } = sortRules(plan, rules)
  const deployed = new Map(ours.map((rule) => [rule.name, rule]))
  const planned = new Map(plan.rules.map((rule) => [ruleName(rule), rule]))
  const missing = [...planned.keys()].filter((name) => !deployed.has(name))
  const leftOver = [...deployed.keys()].filter((name) => !planned.has(name))
  const present = [...planned].flatMap(([name, { pattern: expected }]) => {
    const rule = deployed.get(name)
    return rule ? [{ ...rule, expected }] : []
  })
  const disabled = present.filter(({ enabled }) => !enabled).map(({ name }) => name)
  const changed = present.filter(({ pattern, expected }) => !isSamePattern(pattern, expected))
  const problems = [
    [missing, `are planned and not on the bus: ${deploy}`],
    [leftOver, `are on the bus and not planned: ${deploy}`],
    [disabled, 'are disabled, so their events are lost: enable them'],
    [changed.map(({ name }) => name), `have another pattern than ours: ${deploy}`],
  ] as const
  const findings = problems.flatMap(([names, problem]) =>
    names.length > 0 ? [wrong(subject, `${few(names)} ${problem}`)] : [],
  )
  const { left, others } = rulesLeftOn(plan, rules)
  if (left < 0) {
    const many = `${maxRules - left} rules with those that are not ours, of ${maxRules} that a bus takes`
    findings.push(wrong(subject, `${many}: lower the setting partitions, or have the quota raised`))
  }
  if (findings.length > 0) return findings
  const text = `${planned.size} for ${plan.partitions} partitions, and ${others} others; ${left} left`
  return [ok(subject, text)]
}

/** How many more rules the bus takes, beside those that are planned and the others that are there. */
export function rulesLeftOn(
  plan: CellPlan,
  rules: readonly DeployedRule[],
): { readonly left: number; readonly others: number } {
  const { others } = sortRules(plan, rules)
  return { left: plan.rulesLeft - others, others }
}

/** Whether it is the rule that EventBridge manages for the archive: a plan counts it. */
export function isOfArchive({ cell }: CellPlan, { name }: DeployedRule): boolean {
  return name === `Events-Archive-${archiveName(cell)}`
}

/** Rules of replays are others: they come and go. */
function sortRules(
  plan: CellPlan,
  rules: readonly DeployedRule[],
): { ours: DeployedRule[]; others: number } {
  const ours = rules.filter(({ name }) => {
    const type = typeOfRule(name)
    return type !== undefined && !isReplayName(name.slice(type.length + 1))
  })
  const counted = rules.filter((rule) => !isOfArchive(plan, rule))
  return { ours, others: counted.length - ours.length }
}

/** The order of a pattern's fields does not matter; that of our lists is always the same. */
function isSamePattern(pattern: string, expected: EventPattern): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort())
  const parsed = parseJson(pattern)
  return typeof parsed === 'object' && parsed !== null && sorted(parsed) === sorted(expected)
}
