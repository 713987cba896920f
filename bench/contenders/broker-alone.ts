import { connectBroker } from '../../lib/amqp/broker.ts'
import { createDeclare } from '../../lib/bridge/declaring.ts'
import { topologyOf } from '../../lib/bridge/topology.ts'
import { defaultPrefetch } from '../../lib/bridge/worker/shares.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { benchTenants, measure, ownJob, warmUpEvents, warmUpTenant } from '../job.ts'
import { declareBefore } from './declare-before.ts'

/** Takes and acknowledges, and sends nothing: what the broker, and the way from it, allow at most. */
const job = ownJob()

await declareBefore(job, createDeclare())
await take([warmUpTenant], warmUpEvents)
await measure(job, () => take(benchTenants(job.tenants), job.events))

/** Until it has so many events. */
async function take(tenants: readonly Tenant[], events: number): Promise<void> {
  const broker = await connectBroker(job.amqpUrl)
  const share = Math.ceil(defaultPrefetch(tenants.length, job.calls) / tenants.length)
  const { promise: taken, resolve, reject } = Promise.withResolvers<void>()
  let left = events
  const handlers = {
    onDelivery({ acknowledge }: { acknowledge(): void }) {
      acknowledge()
      left -= 1
      if (left === 0) resolve()
    },
    onGone: () => reject(new EcosError('queue-gone', 'A queue of the bench was deleted')),
  }
  await Promise.all(tenants.map((tenant) => broker.consume(topologyOf(tenant), share, handlers)))
  await taken
  await broker.close()
}
