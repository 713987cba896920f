import { openTenants } from '../../lib/aws/tables/open-tenants.ts'
import type { WorkerStatus } from '../../lib/bridge/worker/status.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { WriteMetrics } from '../../lib/metrics/write-metrics.ts'
import { withoutAmazonMq } from '../../lib/tenants/cell-tenants.ts'
import type { VersionedTenants } from '../../lib/tenants/current-tenants.ts'
import { placeInPools } from '../../lib/tenants/pools.ts'
import type { CellTenants } from '../../lib/tenants/published.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { pause } from '../../lib/waiting.ts'
import { readTenantsText } from './tenants-file.ts'
import type { WorkerSettings } from './worker-settings.ts'

/** The tenants of a worker, which come and go while it runs. */
export interface WorkerTenants {
  /** As they were at the last look. */
  now(): CellTenants
  /** Looks again until the signal is aborted, and tells `status`. Never rejects. */
  follow(stop: AbortSignal, status: WorkerStatus): Promise<void>
}

/** Milliseconds between two looks; the tenants themselves are read every 30 s. */
const lookEvery = 5_000

/** @throws EcosError `missing-variable`, `tenants-unreadable`, `invalid-tenants`, `no-tenants` */
export async function openWorkerTenants(
  settings: WorkerSettings,
  log: Log,
  writeMetrics: WriteMetrics,
): Promise<WorkerTenants> {
  const { TENANTS_TABLE: table, TENANTS_FILE: path, CELL: cell } = settings
  const file =
    path === undefined ? undefined : { file: path, cell, readText: () => readTenantsText(path) }
  const onUnreadable = () => writeMetrics({ TenantsUnreadable: 1 })
  const current = openTenants({ table, file, log, onUnreadable })
  let version = await current.get()
  let now = servedOf(version, settings)
  if (now.tenants.length === 0) throw noTenants(table ?? String(path), cell)

  return {
    now: () => now,
    async follow(stop, status) {
      while (!stop.aborted) {
        const latest = await current.get()
        if (latest !== version) now = servedOf(latest, settings)
        version = latest
        status.tenants = {
          version: latest.version,
          serving: now.tenants.length,
          leaving: now.leaving.map(({ id }) => id),
          ...current.problem(),
        }
        await pause(lookEvery, stop)
      }
    },
  }
}

/** Lambda itself consumes the queues at Amazon MQ brokers. */
function servedOf(now: VersionedTenants, settings: WorkerSettings): CellTenants {
  const { tenants, leaving, moved = [] } = now
  const served = (all: readonly Tenant[]) => placeInPools(withoutAmazonMq(all), settings)
  return { tenants: served(tenants), leaving: served(leaving), moved: served(moved) }
}

export function noTenants(place: string, cell: string | undefined): EcosError {
  const where = cell === undefined ? '' : ` with the cell ${cell}`
  return new EcosError(
    'no-tenants',
    `${place} has no tenant${where} without a broker of its own: add one`,
  )
}
