import { connectBroker } from '../../lib/amqp/broker.ts'
import { openBus } from '../../lib/aws/bus/open-bus.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { createRecordSender } from '../../lib/aws/quarantine.ts'
import { createDeclare } from '../../lib/bridge/declaring.ts'
import { growHeapAtOnce } from '../../lib/bridge/heap.ts'
import { createBridgeMetrics } from '../../lib/bridge/metrics.ts'
import { createQuarantine } from '../../lib/bridge/quarantine.ts'
import { fixedTenants } from '../../lib/bridge/worker/follow-tenants.ts'
import { createStatus } from '../../lib/bridge/worker/status.ts'
import { runWorker } from '../../lib/bridge/worker/worker.ts'
import { createLog } from '../../lib/log.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { benchTenants, measure, readJob, warmUpEvents, warmUpTenant } from '../job.ts'
import { declareBefore } from './declare-before.ts'

/** The long-running worker, composed like `ecos-eventbridge bridge run`. */
growHeapAtOnce()
const job = readJob()
const log = createLog()
const metrics = createBridgeMetrics(() => undefined, log)
const bus = metrics.watch(await openBus('bench', job.client))
const payloads = createPayloadStore('bench')
const quarantine = createQuarantine(createRecordSender('http://127.0.0.1/none'), payloads)
const declare = createDeclare()

await declareBefore(job, declare)
await work([warmUpTenant], warmUpEvents)
await measure(job, () => work(benchTenants(job.tenants, job.queues, job.pools), job.events))

/** Works until that many events are bridged. */
async function work(tenants: readonly Tenant[], events: number): Promise<void> {
  const status = createStatus()
  const stop = new AbortController()
  const watch = setInterval(() => {
    if (status.settled.bridged >= events) stop.abort()
  }, 50)
  const connect = () => connectBroker(job.amqpUrl)
  const served = fixedTenants(tenants)
  const options = {
    tenants: served,
    declare,
    connect,
    bus,
    quarantine,
    payloads,
    log,
    stop: stop.signal,
    onFate: metrics.onFate,
  }
  await runWorker({ ...options, mostCalls: job.calls }, status)
  clearInterval(watch)
}
