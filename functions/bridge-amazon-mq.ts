import { readFileSync } from 'node:fs'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { z } from 'zod'
import { eventBridgeClients, openBus } from '../lib/aws/bus.ts'
import { createDynamoDb } from '../lib/aws/dynamodb.ts'
import { createPayloadStore } from '../lib/aws/payloads.ts'
import { createRecordSender } from '../lib/aws/quarantine.ts'
import { createSettledTable } from '../lib/aws/settled-table.ts'
import { type BatchReport, createBatchCarrier } from '../lib/bridge/amazon-mq.ts'
import { parseBatch, tenantsByQueue } from '../lib/bridge/amazon-mq-event.ts'
import { createPublisher } from '../lib/bridge/publisher.ts'
import { createQuarantine } from '../lib/bridge/quarantine.ts'
import { createRateLimit } from '../lib/bridge/rate-limit.ts'
import { readEnvironment } from '../lib/config.ts'
import { createLog } from '../lib/log.ts'
import { createBridgeMetrics } from '../lib/operations/bridge-metrics.ts'
import { createMetrics } from '../lib/operations/metrics.ts'
import { parseTenants } from '../lib/tenants/tenants-file.ts'

/** Milliseconds before the function's time-out: for calls in flight, and to remember what is settled. */
const reserve = 30_000

const settings = readEnvironment(
  z.object({
    CALLS_IN_FLIGHT: z.coerce.number().int().min(1).default(10),
    CELL: z.string(),
    EVENT_BUS_NAME: z.string(),
    EVENTBRIDGE_CLIENT: z.enum(eventBridgeClients).default('sdk'),
    /** PutEvents calls a second, of one batch. */
    MAX_PUT_EVENTS_PER_SECOND: z.coerce.number().positive(),
    PAYLOAD_BUCKET: z.string(),
    QUARANTINE_QUEUE_URL: z.url(),
    SETTLED_TABLE: z.string(),
    TENANTS_FILE: z.string(),
  }),
  process.env,
)
const log = createLog()
const tenants = tenantsByQueue(
  parseTenants(readFileSync(settings.TENANTS_FILE, 'utf8'), settings.TENANTS_FILE).filter(
    ({ cell }) => cell === settings.CELL,
  ),
)
const writeMetrics = createMetrics({ cell: settings.CELL })
const bus = await openBus(settings.EVENT_BUS_NAME, settings.EVENTBRIDGE_CLIENT)
const payloads = createPayloadStore(settings.PAYLOAD_BUCKET)
const quarantine = createQuarantine(createRecordSender(settings.QUARANTINE_QUEUE_URL), payloads)
const carryBatch = createBatchCarrier(createSettledTable(settings.SETTLED_TABLE, createDynamoDb()))

/** Fed by Lambda's Amazon MQ source: carries a batch of a tenant's queue to the cell's bus. */
export const handler = middy<unknown, BatchReport, Error, Context>()
  .use(injectLambdaContext(log))
  .handler(async (event, context) => {
    const metrics = createBridgeMetrics(writeMetrics, log)
    const deadline = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserve))
    const publisher = createPublisher(metrics.watch(bus), {
      mostCalls: settings.CALLS_IN_FLIGHT,
      rateLimit: createRateLimit(settings.MAX_PUT_EVENTS_PER_SECOND),
      onFailure: (error) => log.warn('The bus failed; sending waits', { error }),
    })
    const carriers = { publisher, quarantine, payloads, log, onFate: metrics.onFate }
    try {
      const report = await carryBatch(parseBatch(event, tenants), carriers, deadline)
      log.info('Batch settled', { ...report })
      return report
    } finally {
      metrics.write()
    }
  })
