import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { EcosError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { type CurrentTenants, createCurrentTenants } from '../../tenants/current-tenants.ts'
import { fileSource, type TenantsFile, tenantsInFile } from '../../tenants/file-source.ts'
import { createDynamoDb } from './dynamodb.ts'
import { appliedTenants, createTenantsTable } from './tenants-table.ts'

/** Where the tenants are read. */
export interface TenantsPlaces {
  /** The cell's table, to which `tenants apply` writes. */
  readonly table?: string | undefined
  /** Followed where there is no table; beside one only the start, until the table can be read. */
  readonly file?: TenantsFile | undefined
  readonly client?: DynamoDBDocumentClient
  readonly log: Log
  readonly onUnreadable?: () => void
}

/**
 * The tenants of the cell at each moment.
 *
 * @throws EcosError `missing-variable`
 */
export function openTenants({ table, file, client, ...options }: TenantsPlaces): CurrentTenants {
  if (table !== undefined) {
    const rows = createTenantsTable(table, client ?? createDynamoDb())
    const fallback = file && (() => tenantsInFile(file))
    return createCurrentTenants({ read: appliedTenants(rows, table), fallback, ...options })
  }
  if (file !== undefined) return createCurrentTenants({ read: fileSource(file), ...options })
  throw new EcosError(
    'missing-variable',
    'Missing environment variables: TENANTS_TABLE, or TENANTS_FILE',
  )
}
