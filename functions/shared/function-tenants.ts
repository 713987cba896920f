import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { openTenants, type TenantsPlaces } from '../../lib/aws/tables/open-tenants.ts'
import { EcosError, messageOf } from '../../lib/errors.ts'
import { fileText } from '../../lib/file-text.ts'
import type { Log } from '../../lib/log.ts'
import { createMetrics } from '../../lib/metrics/write-metrics.ts'
import type { CurrentTenants } from '../../lib/tenants/current-tenants.ts'

/** The variables by which a function knows its cell's tenants. */
export const tenantsVariables = {
  CELL: z.string(),
  /** The table of the applied tenants. Without it TENANTS_FILE is the truth. */
  TENANTS_TABLE: z.string().optional(),
  /** The file in the package: the start, until the table can be read. */
  TENANTS_FILE: z.string(),
} as const

interface TenantsSettings {
  readonly CELL: string
  readonly TENANTS_TABLE?: string | undefined
  readonly TENANTS_FILE: string
}

/** The cell's tenants at each moment, for a function's container. */
export function functionTenants(
  { CELL: cell, TENANTS_TABLE: table, TENANTS_FILE: file }: TenantsSettings,
  log: Log,
  client?: TenantsPlaces['client'],
): CurrentTenants {
  const writeMetrics = createMetrics({ cell })
  return openTenants({
    table,
    file: { file, cell, readText: () => textOf(file) },
    ...(client && { client }),
    log,
    onUnreadable: () => writeMetrics({ TenantsUnreadable: 1 }),
  })
}

function textOf(file: string): string {
  try {
    return fileText(readFileSync(file))
  } catch (cause) {
    const message = `TENANTS_FILE ${file} can't be read: ${messageOf(cause)}`
    throw new EcosError('tenants-unreadable', message, { cause })
  }
}
