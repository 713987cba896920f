import * as z from 'zod'
import { defaultBusClient, eventBridgeClients } from '../../lib/aws/bus/open-bus.ts'
import { interestVariables } from '../../lib/aws/tables/read-interests.ts'
import { mostPrefetch } from '../../lib/bridge/worker/shares.ts'
import { queueVariables } from '../../lib/tenants/pools.ts'
import { tenantsVariables } from './function-tenants.ts'
import { readSettings } from './read-settings.ts'

const variables = z.object({
  ...tenantsVariables,
  AMQP_SECRET_ID: z.string(),
  CALLS_IN_FLIGHT: z.coerce.number().int().min(1).default(10),
  EVENT_BUS_NAME: z.string(),
  EVENTBRIDGE_CLIENT: z.enum(eventBridgeClients).default(defaultBusClient),
  /** How many drains share the queues and the rate. */
  CONCURRENT_DRAINS: z.coerce.number().int().min(1).default(1),
  /** PutEvents calls a second, of all drains together. */
  MAX_PUT_EVENTS_PER_SECOND: z.coerce.number().positive(),
  ...queueVariables,
  PAYLOAD_BUCKET: z.string(),
  PREFETCH: z.coerce.number().int().min(1).max(mostPrefetch).default(100),
  QUARANTINE_QUEUE_URL: z.url(),
  ZOOKEEPER_SERVERS: z.string().optional(),
  ...interestVariables,
  TEMPLATES_FILE: z.string().optional(),
})
export type DrainSettings = z.infer<typeof variables>

/** @throws EcosError `missing-variable`, `invalid-variable` */
export function readDrainSettings(): DrainSettings {
  return readSettings(variables)
}
