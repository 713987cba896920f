import { connectBroker } from '../../lib/amqp/broker.ts'
import { openBus } from '../../lib/aws/bus/open-bus.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { createRecordSender } from '../../lib/aws/quarantine.ts'
import { createStoreChecks } from '../../lib/aws/store-checks.ts'
import { readInterests } from '../../lib/aws/tables/read-interests.ts'
import { followRegistration } from '../../lib/bridge/follow-registration.ts'
import { growHeapAtOnce } from '../../lib/bridge/heap.ts'
import { type BridgeMetrics, createBridgeMetrics } from '../../lib/bridge/metrics.ts'
import { createRateLimit, unlimited } from '../../lib/bridge/publish/rate-limit.ts'
import { createQuarantine } from '../../lib/bridge/quarantine.ts'
import { followed, followPartitions } from '../../lib/bridge/worker/follow-tenants.ts'
import { createStatus, isReady, type WorkerStatus } from '../../lib/bridge/worker/status.ts'
import { runWorker } from '../../lib/bridge/worker/worker.ts'
import { EcosError } from '../../lib/errors.ts'
import { noPayloadStore } from '../../lib/events/payload-store.ts'
import { createLog, type Log } from '../../lib/log.ts'
import { createMetrics, type WriteMetrics } from '../../lib/metrics/write-metrics.ts'
import { readOperators } from '../../lib/notifications/templates/files.ts'
import type { InterestsOf } from '../../lib/records/interests.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { connectZooKeeper } from '../../lib/zookeeper/zookeeper.ts'
import { serveHealth } from '../health-server.ts'
import { stopOnSignal } from '../shutdown.ts'
import { readWorkerSettings, type WorkerSettings } from './worker-settings.ts'
import { openWorkerTenants } from './worker-tenants.ts'

/** The long-running worker, configured by the environment alone. */
export async function runBridge(): Promise<void> {
  growHeapAtOnce()
  const settings = readWorkerSettings()
  const { EVENT_BUS_NAME, QUARANTINE_QUEUE_URL, PAYLOAD_BUCKET, HEALTH_PORT } = settings
  const writeMetrics = metricsWriter(settings)
  const rate = settings.MAX_PUT_EVENTS_PER_SECOND
  const log = createLog()
  const tenants = await openWorkerTenants(settings, log, writeMetrics)
  const status = createStatus()
  const payloads = PAYLOAD_BUCKET ? createPayloadStore(PAYLOAD_BUCKET) : noPayloadStore
  const metrics = createBridgeMetrics(writeMetrics, log)
  const templates = settings.TEMPLATES_DIR ? readOperators(settings.TEMPLATES_DIR) : {}
  const interests = followed(tenants.now, (now) =>
    readInterests(settings, now.tenants, templates, log),
  )
  const interestsOf: InterestsOf = (tenant) => interests()(tenant)
  const registration = followRegistration({
    tenants: tenants.now,
    connect: connectZooKeeper,
    servers: settings.ZOOKEEPER_SERVERS,
    log,
    interestsOf,
  })
  const bus = metrics.watch(await openBus(EVENT_BUS_NAME, settings.EVENTBRIDGE_CLIENT))
  // A server keeps the process alive, so it starts after everything that a wrong setting can end.
  const health =
    HEALTH_PORT === undefined
      ? undefined
      : await serveHealth(status, HEALTH_PORT, settings.HEALTH_HOST)
  const count = tenants.now().tenants.length
  const stop = stopOnSignal(settings.SHUTDOWN_SECONDS, log)
  const worker = {
    tenants: tenants.now,
    connect: () => connectBroker(settings.AMQP_URL, settings.AMQP_CA),
    bus,
    quarantine: createQuarantine(createRecordSender(QUARANTINE_QUEUE_URL), payloads),
    payloads,
    partitionOf: followPartitions(tenants.now, settings.PARTITIONS),
    checkStores: createStoreChecks({
      quarantineQueueUrl: QUARANTINE_QUEUE_URL,
      payloadBucket: PAYLOAD_BUCKET,
    }),
    log,
    stop,
    ...(settings.PREFETCH !== undefined && { prefetch: settings.PREFETCH }),
    mostCalls: settings.CALLS_IN_FLIGHT,
    rateLimit: rate === undefined ? unlimited : createRateLimit(rate),
    holdFor: settings.HOLD_SECONDS * 1000,
    onFate: metrics.onFate,
    onDepths: metrics.onDepths,
    onBlocked: metrics.onBlocked,
    onRefused: metrics.onRefused,
    onDeclared: registration.onDeclared,
    interestsOf,
  }
  log.info('Started', { tenants: count, bus: EVENT_BUS_NAME, health: health?.url })
  warnOfCells(tenants.now().tenants, log)
  const writing = setInterval(() => writeMinute(metrics, status), 60_000)
  await Promise.all([
    runWorker(worker, status),
    registration.keep(stop),
    tenants.follow(stop, status),
  ])
  clearInterval(writing)
  writeMinute(metrics, status)
  health?.close()
  log.info('Ended', { ...status.settled })
}

function warnOfCells(tenants: readonly Tenant[], log: Log): void {
  const cells = [...new Set(tenants.map(({ cell }) => cell))]
  if (cells.length === 1) return
  log.warn('Tenants of several cells go to one bus: set CELL to have only those of one', { cells })
}

function metricsWriter({ METRICS, CELL }: WorkerSettings): WriteMetrics {
  if (METRICS === undefined) return () => undefined
  if (CELL !== undefined) return createMetrics({ cell: CELL })
  throw new EcosError('missing-variable', 'METRICS needs CELL: the metrics are those of one cell')
}

/** A worker has no drains: a minute in which events could flow stands for one. */
function writeMinute(metrics: BridgeMetrics, status: WorkerStatus): void {
  metrics.write({ drains: isReady(status) ? 1 : 0 })
}
