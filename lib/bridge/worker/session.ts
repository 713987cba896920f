import { createBackOff } from '../../back-off.ts'
import { EcosError, messageOf } from '../../errors.ts'
import { startBridgeListener } from '../../records/bridge-listener.ts'
import { events2Interests, type InterestsOf } from '../../records/interests.ts'
import { whenAborted } from '../../waiting.ts'
import { watchBlocks } from '../blocks.ts'
import { bridgeQueues, withBypasses } from '../bridge-queue.ts'
import type { Broker } from '../broker.ts'
import { watchDepths } from '../depths.ts'
import { events2Context } from '../events-2.ts'
import { createFloodWatch, poolsByQueue, watchFloods } from '../flood-watch.ts'
import { createJournal } from '../journal.ts'
import { createPublisher } from '../publish/publisher.ts'
import { settleByWire } from '../settle-by-wire.ts'
import { topologiesOf } from '../topology.ts'
import { checkBusAnswers } from './bus-watch.ts'
import { followed, queuesNow } from './follow-tenants.ts'
import { createInFlight } from './in-flight.ts'
import type { WorkerOptions } from './options.ts'
import { createPace } from './pace.ts'
import { consumeQueues } from './queue-consumers.ts'
import { followCalls } from './shares.ts'
import type { WorkerStatus } from './status.ts'

/** Why a session ended. */
export type SessionEnd = 'stopped' | 'broker-lost' | 'bus-down'

/** Milliseconds between two looks at the status of the bus. */
const watchEvery = 1_000

/** Milliseconds between two checks of a bus or a store that does not answer. */
const checkBackOff = { firstWait: 500, longestWait: 30_000 }

/** Seconds without a backlog in a pool after which its bypass is closed. */
const calmLooks = 10

/** Milliseconds for which a check holds for the other queues. */
const checkLasts = 5_000

/**
 * Bridges messages over one connection until `stop` is aborted, the connection is lost, or the bus has
 * failed for too long. Then nothing is in flight any more, and unsettled messages are the broker's.
 */
export async function runSession(
  broker: Broker,
  options: Required<WorkerOptions>,
  status: WorkerStatus,
  refusedUntil: Map<string, number>,
): Promise<SessionEnd> {
  const { tenants, bus, quarantine, payloads, checkStores, log, prefetch, mostCalls } = options
  const { declare, letGo, holdFor, stop, interestsOf, onFate, onDepths, rateLimit, partitionOf } =
    options
  const outage = new AbortController()
  const over = AbortSignal.any([stop, broker.lost, outage.signal])
  const onFailure = (error: EcosError) =>
    log.warn('EventBridge is failing; publishing is paused', { error })
  const pace = createPace(bus)
  const publisher = createPublisher(pace.bus, { mostCalls, rateLimit, onFailure })
  const journal = createJournal(log)
  const context = { publisher, quarantine, payloads, partitionOf, log, journal, onFate }
  const interests = followed(tenants, (now) => {
    return events2Interests([...now.tenants, ...now.leaving], interestsOf)
  })
  const countQueues = followed(tenants, (now) => withBypasses(queuesNow(now)).length)
  const interests2: InterestsOf = (tenant) => interests()(tenant)
  const context2 = events2Context(context, bus, interests2, { rateLimit, onFailure })
  const inFlight = createInFlight(settleByWire(context, context2, over, holdFor), status, onFate)
  const pools = followed(tenants, (now) => poolsByQueue(queuesNow(now)))
  const floods = createFloodWatch(broker, pools, log, calmLooks)
  const listener = startBridgeListener(broker.handshakes, { interestsOf, log })
  watchBlocks(broker, log, (reason) => {
    status.broker = { connected: true, ...(reason !== undefined && { blocked: reason }) }
    options.onBlocked(reason)
  })
  const watching = setInterval(watchOutage, watchEvery)
  let taking = false
  let checkedAt = Number.NEGATIVE_INFINITY
  let checking: Promise<void> | undefined
  const consuming = consumeQueues({
    broker,
    tenants,
    prefetch: followCalls(prefetch, publisher.room, countQueues),
    pace: pace.messages,
    declare,
    letGo,
    settle(message) {
      floods.note(message)
      return inFlight.add(message)
    },
    isIdle: inFlight.isIdle,
    onDeclared(topology) {
      if (topology.wire === '1.0') listener.serve(topology)
      options.onDeclared(topology)
    },
    mayTake: (anew) => Promise.race([untilReady(anew), whenAborted(over)]),
    onRefused: options.onRefused,
    over,
    status,
    log,
    refusedUntil,
  })

  const queues = followed(tenants, (now) => bridgeQueues(now.tenants.flatMap(topologiesOf)))
  const watchingDepths = watchDepths(broker, queues, onDepths, over)
  const watchingFloods = watchFloods(floods, over)

  await whenAborted(over)
  // At once: what is being opened or counted may take its time, and each queue would go on delivering. Of what was lost,
  // it may be one channel or connection of several: a flood that the quarantine takes would never end on the others.
  const stopping = stopConsuming()
  clearInterval(watching)
  await listener.close(0)
  status.stopping = stop.aborted
  await Promise.all([consuming, watchingDepths, watchingFloods])
  await stopping
  // A consumer that was being resized must not be left behind.
  await stopConsuming()
  await finishInFlight()
  journal.write()
  await broker.close()
  if (stop.aborted) return 'stopped'
  return broker.lost.aborted ? 'broker-lost' : 'bus-down'

  async function stopConsuming(): Promise<void> {
    await broker.stopConsuming().catch(() => undefined)
  }

  /** On `stop`, messages in flight are finished; otherwise they are the broker's, and are not sent. */
  async function finishInFlight(): Promise<void> {
    const dropRest = () => {
      void publisher.stop()
      void context2.publisher.stop()
    }
    if (stop.aborted && !broker.lost.aborted) broker.lost.addEventListener('abort', dropRest)
    else dropRest()
    await inFlight.finish()
  }

  /** One check for all the queues that wait for it. */
  async function untilReady(anew: boolean): Promise<void> {
    if (!anew && performance.now() - checkedAt < checkLasts) return
    checking ??= checkUntilReady().finally(() => {
      checking = undefined
    })
    await checking
  }

  async function checkUntilReady(): Promise<void> {
    const backOff = createBackOff(checkBackOff)
    while (!over.aborted) {
      try {
        await Promise.all([!taking && checkBusAnswers(bus), checkStores()])
        if (!taking) status.bus = { accepting: true }
        taking = true
        checkedAt = performance.now()
        return
      } catch (error) {
        if (!taking) status.bus = { ...status.bus, accepting: false, problem: messageOf(error) }
        log.error('AWS does not answer; no message is taken until it does', {
          error: error as Error,
        })
        await backOff.wait(over)
      }
    }
  }

  function watchOutage(): void {
    // An entry that keeps failing while others pass is held no longer than all are in an outage.
    const since = [publisher, context2.publisher].flatMap((each) => each.failingSince() ?? [])
    if (!taking || performance.now() - Math.min(...since) < holdFor) return
    outage.abort(
      new EcosError('bus-down', 'EventBridge has failed entries for too long', { retryable: true }),
    )
  }
}
