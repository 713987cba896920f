import { connectBroker } from '../../lib/amqp/broker.ts'
import { openBus } from '../../lib/aws/bus/open-bus.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { createRecordSender } from '../../lib/aws/quarantine.ts'
import { createDeclare, type Declare } from '../../lib/bridge/declaring.ts'
import { drain } from '../../lib/bridge/drain/drain.ts'
import { growHeapAtOnce } from '../../lib/bridge/heap.ts'
import { fillOf } from '../../lib/bridge/publish/call-limit.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine } from '../../lib/bridge/quarantine.ts'
import { createLog } from '../../lib/log.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import type { Job } from '../job.ts'

export interface OpenDrain {
  readonly declare: Declare
  /** Drains the tenants' queues until they are empty, over a connection of its own. */
  drainAll(tenants: readonly Tenant[]): Promise<void>
}

/** What the drains of one process share, composed like functions/bridge-drain.ts. */
export async function openDrain(job: Job): Promise<OpenDrain> {
  growHeapAtOnce()
  const log = createLog()
  const bus = await openBus('bench', job.client)
  const payloads = createPayloadStore('bench')
  const quarantine = createQuarantine(createRecordSender('http://127.0.0.1/none'), payloads)
  const declare = createDeclare()
  return {
    declare,
    async drainAll(tenants) {
      const broker = await connectBroker(job.amqpUrl)
      const publisher = createPublisher(bus, {
        mostCalls: job.calls,
        onFailure: (error) => log.warn('EventBridge is failing; publishing is paused', { error }),
      })
      try {
        await drain({
          tenants,
          broker,
          bus,
          context: { publisher, quarantine, payloads, log },
          declare,
          deadline: AbortSignal.timeout(600_000),
          prefetch: fillOf(job.calls),
        })
      } finally {
        await broker.close()
      }
    },
  }
}
