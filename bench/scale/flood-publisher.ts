import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { trickle } from '../backlog.ts'
import { nowMicros } from '../job.ts'

/** What a process of its own publishes, so that it does not delay the clocks of the neighbours' events. */
export interface Flood {
  readonly amqpUrl: string
  readonly tenant: Tenant
  readonly events: number
  readonly perSecond: number
}

/** `node bench/scale/flood-publisher.ts FLOOD`: tells its parent when it began, and ends when all is confirmed. */
const { amqpUrl, tenant, events, perSecond } = JSON.parse(process.argv[2] ?? '') as Flood
process.send?.(nowMicros())
await trickle(amqpUrl, [tenant], { perSecond, seconds: events / perSecond }, {})
process.disconnect()
