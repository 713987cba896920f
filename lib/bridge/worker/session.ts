import { createBackOff } from '../../back-off.ts'
import { EcosError, messageOf } from '../../errors.ts'
import { startBridgeListener } from '../../records/bridge-listener.ts'
import { events2Interests } from '../../records/interests.ts'
import { whenAborted } from '../../waiting.ts'
import type { Broker } from '../broker.ts'
import { watchDepths } from '../depths.ts'
import { events2Context } from '../events-2.ts'
import { createJournal } from '../journal.ts'
import type { IncomingMessage } from '../message.ts'
import { createInOrder } from '../ordered.ts'
import { createPublisher } from '../publish/publisher.ts'
import { settleMessage } from '../settle-message.ts'
import { topologiesOf } from '../topology.ts'
import { untilSettled } from '../until-settled.ts'
import { checkBusAnswers } from './bus-watch.ts'
import { createInFlight } from './in-flight.ts'
import type { WorkerOptions } from './options.ts'
import type { WorkerStatus } from './status.ts'
import { consumeTenants } from './tenant-consumers.ts'

/** Why a session ended. */
export type SessionEnd = 'stopped' | 'broker-lost' | 'bus-down'

/** Milliseconds between two looks at the bus. */
const watchEvery = 1_000

/** Milliseconds between two questions to a bus that is not there or does not answer. */
const busBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * Carries messages over one connection until it is told to stop, the connection is lost, or the bus
 * has been down for long. Then nothing is in flight any more: what is unsettled is the broker's.
 */
export async function runSession(
  broker: Broker,
  options: Required<WorkerOptions>,
  status: WorkerStatus,
  refusedUntil: Map<string, number>,
): Promise<SessionEnd> {
  const { tenants, bus, quarantine, payloads, log, prefetch, mostCalls, rateLimit } = options
  const { declare, holdFor, stop, interestsOf, onFate, onDepths } = options
  const outage = new AbortController()
  const over = AbortSignal.any([stop, broker.lost, outage.signal])
  const onFailure = (error: EcosError) =>
    log.warn('EventBridge is failing; publishing is paused', { error })
  const publisher = createPublisher(bus, { mostCalls, rateLimit, onFailure })
  const journal = createJournal(log)
  const context = { publisher, quarantine, payloads, log, journal, onFate }
  const interests2 = events2Interests(tenants, interestsOf)
  const context2 = events2Context(context, bus, interests2, { rateLimit, onFailure })
  const settleBy = {
    '1.0': (message: IncomingMessage) => untilSettled(() => settleMessage(message, context), over),
    '2.0': createInOrder(context2, over),
  }
  const inFlight = createInFlight(
    (message) => settleBy[message.wire ?? '1.0'](message),
    status,
    onFate,
  )
  const listener = startBridgeListener(broker.handshakes, { interestsOf, log })
  const watching = setInterval(watchOutage, watchEvery)
  let taking = false
  const consuming = consumeTenants({
    broker,
    tenants,
    prefetch,
    declare,
    onMessage: inFlight.add,
    onDeclared(topology) {
      if (topology.wire === '1.0') listener.serve(topology)
      options.onDeclared(topology)
    },
    mayTake: Promise.race([untilBusAnswers(), whenAborted(over)]),
    over,
    status,
    log,
    refusedUntil,
  })

  const watchingDepths = watchDepths(broker, tenants.flatMap(topologiesOf), onDepths, over)

  await whenAborted(over)
  clearInterval(watching)
  await listener.close(0)
  status.stopping = stop.aborted
  // First: a consumer that is on its way to another share must not be left behind.
  await Promise.all([consuming, watchingDepths])
  if (!broker.lost.aborted) await broker.stopConsuming().catch(() => undefined)
  await finishInFlight()
  journal.write()
  await broker.close()
  if (stop.aborted) return 'stopped'
  return broker.lost.aborted ? 'broker-lost' : 'bus-down'

  /** When told to stop, what is in flight is finished; else it is the broker's, and is not sent. */
  async function finishInFlight(): Promise<void> {
    const dropRest = () => {
      void publisher.stop()
      void context2.publisher.stop()
    }
    if (stop.aborted && !broker.lost.aborted) broker.lost.addEventListener('abort', dropRest)
    else dropRest()
    await inFlight.finish()
  }

  async function untilBusAnswers(): Promise<void> {
    const backOff = createBackOff(busBackOff)
    while (!over.aborted) {
      try {
        await checkBusAnswers(bus)
        status.bus = { accepting: true }
        taking = true
        return
      } catch (error) {
        status.bus = { ...status.bus, accepting: false, problem: messageOf(error) }
        log.error('EventBridge does not answer; no message is taken until it does', {
          error: error as Error,
        })
        await backOff.wait(over)
      }
    }
  }

  function watchOutage(): void {
    // An entry that keeps failing while others pass is held no longer than all are in an outage.
    const since = [publisher, context2.publisher].flatMap((each) => each.failingSince() ?? [])
    if (status.bus.failingSince) since.push(Date.parse(status.bus.failingSince))
    if (!taking || Date.now() - Math.min(...since) < holdFor) return
    outage.abort(
      new EcosError('bus-down', 'EventBridge has failed entries for too long', { retryable: true }),
    )
  }
}
