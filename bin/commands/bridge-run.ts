import { connectBroker } from '../../lib/amqp/broker.ts'
import { openBus } from '../../lib/aws/bus.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { createRecordSender } from '../../lib/aws/quarantine.ts'
import { createQuarantine } from '../../lib/bridge/quarantine.ts'
import { createRateLimit, unlimited } from '../../lib/bridge/rate-limit.ts'
import { defaultPrefetch } from '../../lib/bridge/shares.ts'
import { runWorker } from '../../lib/bridge/worker.ts'
import { createStatus } from '../../lib/bridge/worker-status.ts'
import { noPayloadStore } from '../../lib/events/payload-store.ts'
import { createLog } from '../../lib/log.ts'
import { serveHealth } from '../health-server.ts'
import { stopOnSignal } from '../shutdown.ts'
import { readWorkerSettings, readWorkerTenants } from './worker-settings.ts'

/** The long-running worker, configured by the environment alone. */
export async function runBridge(): Promise<void> {
  const settings = readWorkerSettings()
  const tenants = readWorkerTenants(settings)
  const { EVENT_BUS_NAME, QUARANTINE_QUEUE_URL, PAYLOAD_BUCKET, HEALTH_PORT } = settings
  const rate = settings.MAX_PUT_EVENTS_PER_SECOND
  const log = createLog()
  const status = createStatus()
  const payloads = PAYLOAD_BUCKET ? createPayloadStore(PAYLOAD_BUCKET) : noPayloadStore
  const health =
    HEALTH_PORT === undefined
      ? undefined
      : await serveHealth(status, HEALTH_PORT, settings.HEALTH_HOST)
  const stop = stopOnSignal(settings.SHUTDOWN_SECONDS, log)

  const cells = [...new Set(tenants.map(({ cell }) => cell))]
  log.info('Started', { tenants: tenants.length, bus: EVENT_BUS_NAME, health: health?.url })
  if (cells.length > 1) {
    log.warn('Tenants of several cells go to one bus: set CELL to have only those of one', {
      cells,
    })
  }
  const worker = {
    tenants,
    connect: () => connectBroker(settings.AMQP_URL, settings.AMQP_CA),
    bus: await openBus(EVENT_BUS_NAME, settings.EVENTBRIDGE_CLIENT),
    quarantine: createQuarantine(createRecordSender(QUARANTINE_QUEUE_URL), payloads),
    payloads,
    log,
    stop,
    prefetch: settings.PREFETCH ?? defaultPrefetch(tenants.length),
    mostCalls: settings.CALLS_IN_FLIGHT,
    rateLimit: rate === undefined ? unlimited : createRateLimit(rate),
    holdFor: settings.HOLD_SECONDS * 1000,
  }
  await runWorker(worker, status)
  health?.close()
  log.info('Ended', { ...status.settled })
}
