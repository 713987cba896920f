import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { openBus } from '../lib/aws/bus/open-bus.ts'
import { createPayloadStore } from '../lib/aws/payloads.ts'
import { createRecordSender } from '../lib/aws/quarantine.ts'
import { createDynamoDb } from '../lib/aws/tables/dynamodb.ts'
import { createSettledTable } from '../lib/aws/tables/settled-table.ts'
import { type BatchReport, createBatchBridge } from '../lib/bridge/amazon-mq/batch.ts'
import { parseBatch, tenantsByQueue } from '../lib/bridge/amazon-mq/batch-event.ts'
import { growHeapAtOnce } from '../lib/bridge/heap.ts'
import { createBridgeMetrics } from '../lib/bridge/metrics.ts'
import { createCallLimit } from '../lib/bridge/publish/call-limit.ts'
import { createPublisher } from '../lib/bridge/publish/publisher.ts'
import { createRateLimit } from '../lib/bridge/publish/rate-limit.ts'
import { createQuarantine } from '../lib/bridge/quarantine.ts'
import { createLog } from '../lib/log.ts'
import { createMetrics } from '../lib/metrics/write-metrics.ts'
import { partitionsOf } from '../lib/tenants/partition.ts'
import { readAmazonMqSettings } from './shared/amazon-mq-settings.ts'
import { functionTenants } from './shared/function-tenants.ts'

/** Milliseconds kept before the function's time-out, for calls in flight and for remembering what is settled. */
const reserve = 30_000

growHeapAtOnce()
const settings = readAmazonMqSettings()
const log = createLog()
const dynamoDb = createDynamoDb()
const tenants = functionTenants(settings, log, dynamoDb)
const writeMetrics = createMetrics({ cell: settings.CELL })
const bus = await openBus(settings.EVENT_BUS_NAME, settings.EVENTBRIDGE_CLIENT)
const payloads = createPayloadStore(settings.PAYLOAD_BUCKET)
const quarantine = createQuarantine(createRecordSender(settings.QUARANTINE_QUEUE_URL), payloads)
/** Batches are short: what one finds out about the bus holds for the next. */
const callLimit = createCallLimit(settings.CALLS_IN_FLIGHT)
const bridgeBatch = createBatchBridge(createSettledTable(settings.SETTLED_TABLE, dynamoDb))

/** Invoked by Lambda's Amazon MQ source: bridges a batch of a tenant's queue to the cell's bus. */
export const handler = middy<unknown, BatchReport, Error, Context>()
  .use(injectLambdaContext(log))
  .handler(async (event, context) => {
    const metrics = createBridgeMetrics(writeMetrics, log)
    const deadline = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserve))
    const publisher = createPublisher(metrics.watch(bus), {
      callLimit,
      rateLimit: createRateLimit(settings.MAX_PUT_EVENTS_PER_SECOND),
      onFailure: (error) => log.warn('EventBridge is failing; publishing is paused', { error }),
    })
    const now = await tenants.get()
    const known = [...now.leaving, ...now.tenants]
    const partitionOf = partitionsOf(known, settings.PARTITIONS)
    const bridge = { publisher, quarantine, payloads, partitionOf, log, onFate: metrics.onFate }
    try {
      const report = await bridgeBatch(parseBatch(event, tenantsByQueue(known)), bridge, deadline)
      log.info('Batch settled', { ...report })
      return report
    } finally {
      metrics.write()
    }
  })
