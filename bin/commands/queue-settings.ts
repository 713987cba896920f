import * as z from 'zod'
import { readEnvironment } from '../../lib/config.ts'
import { type QueueSettings, queueVariables } from '../../lib/tenants/pools.ts'

/**
 * QUEUES and PARTITIONS of the environment: what the cell's bridges are set to.
 *
 * @throws EcosError `invalid-variable`
 */
export function queueSettings(): QueueSettings {
  return readEnvironment(z.object(queueVariables), process.env)
}
