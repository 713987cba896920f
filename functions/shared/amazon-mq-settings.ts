import * as z from 'zod'
import { defaultBusClient, eventBridgeClients } from '../../lib/aws/bus/open-bus.ts'
import { defaultPartitions } from '../../lib/tenants/partition.ts'
import { tenantsVariables } from './function-tenants.ts'
import { readSettings } from './read-settings.ts'

const variables = z.object({
  ...tenantsVariables,
  // The whole batch is in memory already, so calls are held back by the rate alone.
  CALLS_IN_FLIGHT: z.coerce.number().int().min(1).default(128),
  EVENT_BUS_NAME: z.string(),
  EVENTBRIDGE_CLIENT: z.enum(eventBridgeClients).default(defaultBusClient),
  /** PutEvents calls a second, of one batch. */
  MAX_PUT_EVENTS_PER_SECOND: z.coerce.number().positive(),
  /** The partitions of the cell, as its rules have them. */
  PARTITIONS: z.coerce.number().int().min(1).default(defaultPartitions),
  PAYLOAD_BUCKET: z.string(),
  QUARANTINE_QUEUE_URL: z.url(),
  SETTLED_TABLE: z.string(),
})
export type AmazonMqSettings = z.infer<typeof variables>

/** @throws EcosError `missing-variable`, `invalid-variable` */
export function readAmazonMqSettings(): AmazonMqSettings {
  return readSettings(variables)
}
