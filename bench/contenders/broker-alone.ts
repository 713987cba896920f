import { connectBroker } from '../../lib/amqp/broker.ts'
import { bridgeQueues } from '../../lib/bridge/bridge-queue.ts'
import { createDeclare } from '../../lib/bridge/declaring.ts'
import { topologyOf } from '../../lib/bridge/topology.ts'
import { defaultPrefetch } from '../../lib/bridge/worker/shares.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { benchTenants, measure, readJob, warmUpEvents, warmUpTenant } from '../job.ts'
import { declareBefore } from './declare-before.ts'

/** Consumes and acknowledges without sending: an upper bound set by the broker and its connection. */
const job = readJob()

await declareBefore(job, createDeclare())
await take([warmUpTenant], warmUpEvents)
await measure(job, () => take(benchTenants(job.tenants, job.queues, job.pools), job.events))

/** Consumes until that many events have arrived. */
async function take(tenants: readonly Tenant[], events: number): Promise<void> {
  const broker = await connectBroker(job.amqpUrl)
  const { promise: taken, resolve, reject } = Promise.withResolvers<void>()
  let remaining = events
  const handlers = {
    onMessage({ acknowledge }: { acknowledge(): void }) {
      acknowledge()
      remaining -= 1
      if (remaining === 0) resolve()
    },
    onGone: () => reject(new EcosError('queue-gone', 'A queue of the bench was deleted')),
  }
  const queues = bridgeQueues(tenants.map(topologyOf))
  const share = Math.ceil(defaultPrefetch(queues.length, job.calls) / queues.length)
  await Promise.all(queues.map((queue) => broker.consume(queue, share, handlers)))
  await taken
  await broker.close()
}
