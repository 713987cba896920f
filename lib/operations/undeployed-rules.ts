import type { Difference } from '../tenants/difference.ts'
import { planRules, ruleName } from '../tenants/partition-rules.ts'
import type { Tenant } from '../tenants/tenants-file.ts'

/**
 * Names the rules of tenants' own partitions that a plan needs and the bus lacks. Only a deployment makes them, and it
 * narrows the default rules seconds later. EventBridge takes a new rule into use in its own time, so a bridge that
 * named the partition before could lose the events of these seconds. A bridge that learns of it after the
 * deployment can't.
 */
export function undeployedRules(
  tenants: readonly Tenant[],
  { added, changed }: Difference,
  onBus: readonly { readonly name: string }[],
): string[] {
  const names = new Set(onBus.map(({ name }) => name))
  return ownRulesIn(tenants, { added, changed }).filter((name) => !names.has(name))
}

/** Names the rules of their own that tenants get. */
export function ownRulesIn(
  tenants: readonly Tenant[],
  { added, changed }: Pick<Difference, 'added' | 'changed'>,
): string[] {
  const touched = new Set([...added, ...changed.map(({ id }) => id)])
  const rules = planRules(
    tenants.filter(({ id }) => touched.has(id)),
    0,
  )
  return rules.filter(({ tenant }) => tenant !== undefined).map(ruleName)
}
