import { openBus } from '../../lib/aws/bus/open-bus.ts'
import { createBatchBridge } from '../../lib/bridge/amazon-mq/batch.ts'
import { parseBatch, tenantsByQueue } from '../../lib/bridge/amazon-mq/batch-event.ts'
import { growHeapAtOnce } from '../../lib/bridge/heap.ts'
import { createCallLimit } from '../../lib/bridge/publish/call-limit.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createQuarantine } from '../../lib/bridge/quarantine.ts'
import { noPayloadStore } from '../../lib/events/payload-store.ts'
import { createLog } from '../../lib/log.ts'
import { bridgeQueue } from '../../lib/tenants/names.ts'
import { batchSize } from '../../lib/tenants/template/amazon-mq.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { newEvent } from '../events.ts'
import { benchTenants, measure, readJob, warmUpEvents } from '../job.ts'

/**
 * The function that Lambda feeds from Amazon MQ, composed like functions/bridge-amazon-mq.ts. Lambda's
 * part can't run here: the batches are prepared in its format and passed one by one, as from one source.
 */
growHeapAtOnce()
const job = readJob()
const log = createLog()
const bus = await openBus('bench', job.client)
const quarantine = createQuarantine(unexpected, noPayloadStore)
const settled = { remember: unexpected, among: async () => new Set<string>() }
const callLimit = createCallLimit(job.calls)
const bridgeBatch = createBatchBridge(settled)
const broker = {
  name: 'bench',
  amazonMq: 'arn:aws:mq:eu-central-1:000000000000:broker:bench:b-0',
  secret: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:bench',
  virtualHost: '/',
}
const [tenant] = benchTenants(1) as [Tenant]
const queue = `${bridgeQueue(tenant.id)}::${broker.virtualHost}`
const tenants = tenantsByQueue([{ ...tenant, broker }])

const batches = Array.from({ length: 5 }, (_, index) => batchText(index * batchSize))

await carryEvents(warmUpEvents)
await measure(job, () => carryEvents(job.events))

function batchText(from: number): string {
  const messages = Array.from({ length: batchSize }, (_, index) => {
    const { body } = newEvent(from + index)
    const basicProperties = { contentType: 'text/plain', deliveryMode: 2, priority: 0 }
    return { basicProperties, redelivered: false, data: body.toString('base64') }
  })
  return JSON.stringify({
    eventSource: 'aws:rmq',
    eventSourceArn: broker.amazonMq,
    rmqMessagesByQueue: { [queue]: messages },
  })
}

async function carryEvents(events: number): Promise<void> {
  for (let batch = 0; batch * batchSize < events; batch += 1) {
    const event = JSON.parse(batches[batch % batches.length] ?? '')
    const publisher = createPublisher(bus, { callLimit, onFailure: () => undefined })
    const context = { publisher, quarantine, payloads: noPayloadStore, log }
    await bridgeBatch(parseBatch(event, tenants), context, new AbortController().signal)
  }
}

async function unexpected(): Promise<never> {
  throw new Error('The bus of the bench takes every event')
}
