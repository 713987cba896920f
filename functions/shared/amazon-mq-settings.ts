import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { eventBridgeClients } from '../../lib/aws/bus/open-bus.ts'
import { readEnvironment } from '../../lib/config.ts'
import { tenantsOfCell } from '../../lib/tenants/cell-tenants.ts'
import { defaultPartitions } from '../../lib/tenants/partition.ts'
import { parseTenants, type Tenant } from '../../lib/tenants/tenants-file.ts'

const variables = z.object({
  CALLS_IN_FLIGHT: z.coerce.number().int().min(1).default(10),
  CELL: z.string(),
  EVENT_BUS_NAME: z.string(),
  EVENTBRIDGE_CLIENT: z.enum(eventBridgeClients).default('sdk'),
  /** PutEvents calls a second, of one batch. */
  MAX_PUT_EVENTS_PER_SECOND: z.coerce.number().positive(),
  /** The partitions of the cell, as its rules have them. */
  PARTITIONS: z.coerce.number().int().min(1).default(defaultPartitions),
  PAYLOAD_BUCKET: z.string(),
  QUARANTINE_QUEUE_URL: z.url(),
  SETTLED_TABLE: z.string(),
  TENANTS_FILE: z.string(),
})
export type AmazonMqSettings = z.infer<typeof variables>

/** @throws EcosError `missing-variable`, `invalid-variable` */
export function readAmazonMqSettings(): AmazonMqSettings {
  return readEnvironment(variables, process.env)
}

/** The cell's tenants, whichever their broker. */
export function cellTenants({ TENANTS_FILE, CELL }: AmazonMqSettings): Tenant[] {
  const tenants = parseTenants(readFileSync(TENANTS_FILE, 'utf8'), TENANTS_FILE)
  return tenantsOfCell(tenants, CELL)
}
