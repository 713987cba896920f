import type { Tenant } from '../tenants/tenants-file.ts'
import type { MigrationBroker } from './migration-broker.ts'
import type { MoveCounts } from './mover.ts'
import type { OldTopology } from './old-topology.ts'

/** The input of every migration command. */
export interface Migration {
  readonly broker: MigrationBroker
  readonly tenant: Tenant
  readonly old: OldTopology
  /** Proceed although other consumers are attached. */
  readonly force: boolean
  /** Called after each step. */
  readonly onStep: (step: Step) => void
}

export interface Step {
  /** Stable, for scripts. */
  readonly step: string
  readonly text: string
}

export function countsText({ moved, copies }: MoveCounts): string {
  return `${moved} messages moved, ${copies} copies dropped`
}
