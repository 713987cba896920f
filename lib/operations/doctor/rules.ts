import { isReplayName } from '../../events/replay-name.ts'
import { parseJson } from '../../parse.ts'
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
  const { ours, foreign } = sortRules(rules)
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
  const left = plan.rulesLeft - foreign
  if (left < 0) {
    const many = `${maxRules - left} rules with those that are not ours, of ${maxRules} that a bus takes`
    findings.push(wrong(subject, `${many}: lower the setting partitions, or have the quota raised`))
  }
  if (findings.length > 0) return findings
  const text = `${planned.size} for ${plan.partitions} partitions, and ${foreign} others; ${left} left`
  return [ok(subject, text)]
}

/** Rules of replays count as foreign: they come and go. */
function sortRules(rules: readonly DeployedRule[]): { ours: DeployedRule[]; foreign: number } {
  const ours = rules.filter(({ name }) => {
    const type = typeOfRule(name)
    return type !== undefined && !isReplayName(name.slice(type.length + 1))
  })
  return { ours, foreign: rules.length - ours.length }
}

/** The order of a pattern's fields does not matter; that of our lists is always the same. */
function isSamePattern(pattern: string, expected: EventPattern): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort())
  const parsed = parseJson(pattern)
  return typeof parsed === 'object' && parsed !== null && sorted(parsed) === sorted(expected)
}
