import { readFileSync } from 'node:fs'
import { parseBrokerSecret } from '../../lib/amqp/address.ts'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { openBus } from '../../lib/aws/bus/open-bus.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { createRecordSender } from '../../lib/aws/quarantine.ts'
import { withSecret } from '../../lib/aws/rotated-secret.ts'
import { secretText } from '../../lib/aws/secrets.ts'
import { createStoreChecks } from '../../lib/aws/store-checks.ts'
import { readInterests } from '../../lib/aws/tables/read-interests.ts'
import { watchBlocks } from '../../lib/bridge/blocks.ts'
import { createDeclare, type QueueMemory } from '../../lib/bridge/declaring.ts'
import { type DrainReport, drain, nothingDrained } from '../../lib/bridge/drain/drain.ts'
import { createEvents2Registration } from '../../lib/bridge/events-2-registration.ts'
import { createLetGo } from '../../lib/bridge/leaving.ts'
import type { BridgeMetrics } from '../../lib/bridge/metrics.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { createRateLimit } from '../../lib/bridge/publish/rate-limit.ts'
import { createQuarantine } from '../../lib/bridge/quarantine.ts'
import { EcosError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import { withoutAmazonMq } from '../../lib/tenants/cell-tenants.ts'
import type { VersionedTenants } from '../../lib/tenants/current-tenants.ts'
import { partitionsOf } from '../../lib/tenants/partition.ts'
import { placeInPools } from '../../lib/tenants/pools.ts'
import { timeAfter } from '../../lib/waiting.ts'
import { connectZooKeeper } from '../../lib/zookeeper/zookeeper.ts'
import type { DrainSettings } from './drain-settings.ts'
import { functionTenants } from './function-tenants.ts'

/** Drains until the queues are empty or the deadline is there. */
export type OneDrain = (metrics: BridgeMetrics, deadline: AbortSignal) => Promise<DrainReport>

/** What every drain of a container shares, and what each has of its own: connection, rate, publisher. */
export async function createOneDrain(settings: DrainSettings, log: Log): Promise<OneDrain> {
  const { AMQP_SECRET_ID, EVENT_BUS_NAME, EVENTBRIDGE_CLIENT, TEMPLATES_FILE } = settings
  const current = functionTenants(settings, log)
  const cellBus = await openBus(EVENT_BUS_NAME, EVENTBRIDGE_CLIENT)
  const payloads = createPayloadStore(settings.PAYLOAD_BUCKET)
  const quarantine = createQuarantine(createRecordSender(settings.QUARANTINE_QUEUE_URL), payloads)
  const checkStores = createStoreChecks({
    quarantineQueueUrl: settings.QUARANTINE_QUEUE_URL,
    payloadBucket: settings.PAYLOAD_BUCKET,
  })
  const templates = TEMPLATES_FILE ? JSON.parse(readFileSync(TEMPLATES_FILE, 'utf8')) : {}
  /** A warm function does not declare the same queues with every drain. */
  const memory: QueueMemory = new Map()
  const declare = createDeclare(undefined, memory)
  const letGo = createLetGo(log, memory)
  let served: ReturnType<typeof serve> | undefined
  const connect = () =>
    withSecret(
      (fresh) => secretText(AMQP_SECRET_ID, fresh),
      (secret) => {
        const { url, ca } = parseBrokerSecret(secret)
        return connectBroker(url, ca)
      },
    )

  return async (metrics, deadline) => {
    const now = await current.get()
    if (served?.version !== now.version) {
      served = serve(now)
      // Another bridge may have unbound a tenant that went and came back since the last drain.
      memory.clear()
    }
    const { tenants, leaving, moved, partitionOf, interestsOf } = served
    // Where all tenants are at Amazon MQ brokers, there need not be another that could be reached.
    if (tenants.length + leaving.length === 0) return nothingDrained
    const bus = metrics.watch(cellBus)
    const servers = settings.ZOOKEEPER_SERVERS
    const registering = { tenants, connect: connectZooKeeper, servers, log, interestsOf }
    const registration = createEvents2Registration(registering)
    const rateLimit = createRateLimit(
      settings.MAX_PUT_EVENTS_PER_SECOND / settings.CONCURRENT_DRAINS,
    )
    const publisher = createPublisher(bus, {
      mostCalls: settings.CALLS_IN_FLIGHT,
      rateLimit,
      onFailure: (error) => log.warn('EventBridge is failing; publishing is paused', { error }),
    })
    // Last: what throws from here on leaves no connection behind.
    const broker = await connect()
    watchBlocks(broker, log, metrics.onBlocked)
    const drained = drain({
      tenants,
      leaving,
      moved,
      letGo,
      broker,
      bus,
      context: {
        publisher,
        quarantine,
        payloads,
        partitionOf,
        checkStores,
        log,
        onFate: metrics.onFate,
      },
      deadline,
      declare,
      prefetch: settings.PREFETCH,
      rateLimit,
      interestsOf,
      onDepths: metrics.onDepths,
      onDeclared: registration.onDeclared,
    })
    const late = timeAfter(deadline, endsWithin)
    try {
      return await Promise.race([drained, late.then(() => Promise.reject(tooLate()))])
    } finally {
      drained.catch(() => undefined)
      await Promise.all([Promise.race([registration.once(), late]), broker.close()])
    }
  }

  /** What follows from a version of the tenants: a warm function works it out once. */
  function serve({ version, ...now }: VersionedTenants) {
    const tenants = placeInPools(withoutAmazonMq(now.tenants), settings)
    const leaving = placeInPools(withoutAmazonMq(now.leaving), settings)
    const moved = placeInPools(withoutAmazonMq(now.moved ?? []), settings)
    const known = [...tenants, ...leaving, ...moved]
    const partitionOf = partitionsOf(known, settings.PARTITIONS)
    const interestsOf = readInterests(settings, tenants, templates, log)
    return { version, tenants, leaving, moved, partitionOf, interestsOf }
  }
}

/** Milliseconds after the deadline in which a drain has to be over, whatever the broker does. */
const endsWithin = 6_000

function tooLate(): EcosError {
  const message = 'The drain is incomplete: the broker did not answer in time'
  return new EcosError('drain-incomplete', message, { retryable: true })
}
