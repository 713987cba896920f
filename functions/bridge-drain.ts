import { readFileSync } from 'node:fs'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { z } from 'zod'
import { parseBrokerSecret } from '../lib/amqp/address.ts'
import { connectBroker } from '../lib/amqp/broker.ts'
import { eventBridgeClients, openBus } from '../lib/aws/bus.ts'
import { interestVariables, readInterests } from '../lib/aws/bus-interests.ts'
import { createPayloadStore } from '../lib/aws/payloads.ts'
import { createRecordSender } from '../lib/aws/quarantine.ts'
import { secretText } from '../lib/aws/secrets.ts'
import { createDeclare } from '../lib/bridge/declaring.ts'
import { type DrainReport, drain, nothingDrained } from '../lib/bridge/drain.ts'
import { createPublisher } from '../lib/bridge/publisher.ts'
import { createQuarantine } from '../lib/bridge/quarantine.ts'
import { createRateLimit } from '../lib/bridge/rate-limit.ts'
import { createRegistration } from '../lib/bridge/registration.ts'
import { withSecret } from '../lib/bridge/rotated-secret.ts'
import { readEnvironment } from '../lib/config.ts'
import { createLog } from '../lib/log.ts'
import { type BridgeMetrics, createBridgeMetrics } from '../lib/operations/bridge-metrics.ts'
import { createMetrics } from '../lib/operations/metrics.ts'
import { parseTenants } from '../lib/tenants/tenants-file.ts'
import { connectZooKeeper } from '../lib/zookeeper/zookeeper.ts'

/** Milliseconds before the function's time-out at which the drain takes no more messages. */
const reserve = 10_000

const settings = readEnvironment(
  z.object({
    AMQP_SECRET_ID: z.string(),
    CELL: z.string(),
    CALLS_IN_FLIGHT: z.coerce.number().int().min(1).default(10),
    EVENT_BUS_NAME: z.string(),
    EVENTBRIDGE_CLIENT: z.enum(eventBridgeClients).default('sdk'),
    /** How many drains share the queues and the rate. */
    CONCURRENT_DRAINS: z.coerce.number().int().min(1).default(1),
    /** PutEvents calls a second, of all drains together. */
    MAX_PUT_EVENTS_PER_SECOND: z.coerce.number().positive(),
    PAYLOAD_BUCKET: z.string(),
    PREFETCH: z.coerce.number().int().min(1).default(100),
    QUARANTINE_QUEUE_URL: z.url(),
    TENANTS_FILE: z.string(),
    ZOOKEEPER_SERVERS: z.string().optional(),
    ...interestVariables,
    TEMPLATES_FILE: z.string().optional(),
  }),
  process.env,
)
const log = createLog()
const tenants = parseTenants(
  readFileSync(settings.TENANTS_FILE, 'utf8'),
  settings.TENANTS_FILE,
).filter(({ cell, broker }) => cell === settings.CELL && broker === undefined)
const writeMetrics = createMetrics({ cell: settings.CELL })
const cellBus = await openBus(settings.EVENT_BUS_NAME, settings.EVENTBRIDGE_CLIENT)
const payloads = createPayloadStore(settings.PAYLOAD_BUCKET)
const templates = settings.TEMPLATES_FILE
  ? JSON.parse(readFileSync(settings.TEMPLATES_FILE, 'utf8'))
  : {}
const interestsOf = readInterests(settings, tenants, templates, log)
const quarantine = createQuarantine(createRecordSender(settings.QUARANTINE_QUEUE_URL), payloads)
/** A warm function does not declare the same queues with every drain. */
const declare = createDeclare()

/** Runs on a schedule: drains the queues of the cell's tenants into its bus. */
export const handler = middy<unknown, DrainReport, Error, Context>()
  .use(injectLambdaContext(log))
  .handler(async (_event, context) => {
    const start = performance.now()
    const metrics = createBridgeMetrics(writeMetrics, log)
    let drains: 0 | 1 = 0
    try {
      const report = await drainOnce(metrics, context)
      drains = 1
      log.info('Drained', { ...report })
      return report
    } finally {
      metrics.write({ drains, milliseconds: Math.round(performance.now() - start) })
    }
  })

async function drainOnce(metrics: BridgeMetrics, context: Context): Promise<DrainReport> {
  // Where all tenants are at Amazon MQ brokers, there need not be another that could be reached.
  if (tenants.length === 0) return nothingDrained
  const bus = metrics.watch(cellBus)
  const deadline = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserve))
  const broker = await withSecret(
    (fresh) => secretText(settings.AMQP_SECRET_ID, fresh),
    (secret) => {
      const { url, ca } = parseBrokerSecret(secret)
      return connectBroker(url, ca)
    },
  )
  const registration = createRegistration({
    tenants,
    connect: connectZooKeeper,
    servers: settings.ZOOKEEPER_SERVERS,
    log,
    interestsOf,
  })
  const share = settings.MAX_PUT_EVENTS_PER_SECOND / settings.CONCURRENT_DRAINS
  const rateLimit = createRateLimit(share)
  const publisher = createPublisher(bus, {
    mostCalls: settings.CALLS_IN_FLIGHT,
    rateLimit,
    onFailure: (error) => log.warn('The bus failed; sending waits', { error }),
  })
  try {
    return await drain({
      tenants,
      broker,
      bus,
      carriers: { publisher, quarantine, payloads, log, onFate: metrics.onFate },
      deadline,
      declare,
      prefetch: settings.PREFETCH,
      rateLimit,
      interestsOf,
      onDepths: metrics.onDepths,
      onDeclared: registration.onDeclared,
    })
  } finally {
    await registration.once()
    await broker.close()
  }
}
