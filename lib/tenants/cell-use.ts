import { eventTypes } from '../events/catalogue.ts'
import {
  countResources,
  maxResources,
  maxRules,
  planCell,
  type RuleSettings,
  usedRules,
} from './plan.ts'
import type { Tenant } from './tenants-file.ts'

/** How much of a cell's quotas its tenants use. */
export interface CellUse {
  readonly cell: string
  readonly tenants: number
  /** Rules on the bus, without those of tenants' own functions. */
  readonly rules: Share
  /** How many more tenants may have `partition: own` with all types. */
  readonly ownLeft: number
  /** Resources of the stack. */
  readonly resources: Share
}

export interface Share {
  readonly used: number
  readonly limit: number
}

/** @throws EcosError `cell-too-large`, `no-such-partition`, `several-events-2` */
export function useOf(tenants: readonly Tenant[], cell: string, settings: RuleSettings): CellUse {
  const plan = planCell(tenants, cell, settings)
  return {
    cell,
    tenants: plan.tenants.length,
    rules: { used: usedRules(plan), limit: maxRules },
    // The plan leaves at least the reserved ones.
    ownLeft: Math.floor((plan.rulesLeft - settings.reservedRules) / eventTypes.length),
    resources: { used: countResources(plan), limit: maxResources },
  }
}
