import type { Tenant } from '../tenants/tenants-file.ts'
import type { MigrationBroker } from './migration-broker.ts'
import type { MoveCounts } from './mover.ts'
import type { OldTopology } from './old-topology.ts'

/** What every action of a migration is handed. */
export interface Migration {
  readonly broker: MigrationBroker
  readonly tenant: Tenant
  readonly old: OldTopology
  /** Goes on where other consumers are attached. */
  readonly force: boolean
  /** Told each step when it is done. */
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
