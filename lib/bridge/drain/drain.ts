import { type BackOffOptions, createBackOff } from '../../back-off.ts'
import { EcosError, messageOf } from '../../errors.ts'
import { startBridgeListener } from '../../records/bridge-listener.ts'
import { events2Interests, type InterestsOf, wantNothing } from '../../records/interests.ts'
import type { Tenant } from '../../tenants/tenants-file.ts'
import type { Backlog } from '../backlog.ts'
import type { Broker } from '../broker.ts'
import { createDeclare, type Declare } from '../declaring.ts'
import { depthsOf, type OnDepths } from '../depths.ts'
import { events2Context } from '../events-2.ts'
import { createJournal } from '../journal.ts'
import { type Bus, probe } from '../publish/bus.ts'
import type { RateLimit } from '../publish/rate-limit.ts'
import { type BridgeContext, type Fate, noFates } from '../settle-message.ts'
import { type Topology, topologiesOf } from '../topology.ts'
import { consumeUntilEmpty } from './consume-until-empty.ts'

export interface DrainOptions {
  readonly tenants: readonly Tenant[]
  readonly broker: Broker
  readonly bus: Bus
  readonly context: Omit<BridgeContext, 'journal'>
  /** Aborted when no new message may be taken any more. */
  readonly deadline: AbortSignal
  /** Messages that may be out at once, over all tenants (default 100): bounds the memory. */
  readonly prefetch?: number
  /** Remembers what was declared, where it outlives the drain (default: nothing is remembered). */
  readonly declare?: Declare
  /** The waits between two looks at a bus that does not take events. */
  readonly backOff?: BackOffOptions
  /** That of the context' publisher, which events 2.0 share (default: no limit). */
  readonly rateLimit?: RateLimit
  /** What is wanted of record events, beside what tenants.yml says (default: nothing). */
  readonly interestsOf?: InterestsOf
  /** Told what lay at the broker before any of it was taken. */
  readonly onDepths?: OnDepths
  /** Told when a queue has been declared and bound: from then on its events are kept. */
  readonly onDeclared?: (topology: Topology) => void
}

/** Milliseconds that what is said to the sources of record events may take after the drain. */
const listenerPatience = 5_000

/** How many messages went where. */
export type DrainReport = Readonly<Record<Fate, number>>

export const nothingDrained: DrainReport = noFates()

/**
 * Drains the tenants' queues until they are empty or the deadline is near. Any number of drains may
 * run at once: they compete for the messages.
 *
 * @throws EcosError `bus-unavailable` when the bus took no event until the deadline, and no message was
 * taken for it; `drain-incomplete` when a queue
 *   could not be declared or the connection was lost. What was not bridged is in the broker's queue.
 */
export async function drain(options: DrainOptions): Promise<DrainReport> {
  const { broker, context, interestsOf = wantNothing } = options
  const listener = startBridgeListener(broker.handshakes, { interestsOf, log: context.log })
  try {
    return await drainAll(options, (topology) => {
      if (topology.wire === '1.0') listener.serve(topology)
      options.onDeclared?.(topology)
    })
  } finally {
    await listener.close(listenerPatience)
  }
}

async function drainAll(
  options: DrainOptions,
  onDeclared: (topology: Topology) => void,
): Promise<DrainReport> {
  const { broker, bus, tenants, deadline, prefetch = 100 } = options
  const { backlogs, failures } = await declareAll(options, onDeclared)
  if (options.onDepths) options.onDepths(await depthsOf(broker, backlogs))
  const report = { ...nothingDrained }

  if (backlogs.some(({ ready }) => ready > 0) && !deadline.aborted) {
    await waitForBus(bus, AbortSignal.any([deadline, broker.lost]), options)
    const journal = createJournal(options.context.log)
    const context = { ...options.context, journal }
    const problems = await consumeUntilEmpty(backlogs, {
      broker,
      context,
      context2: events2Context(
        context,
        bus,
        events2Interests(tenants, options.interestsOf),
        options,
      ),
      deadline,
      prefetch,
      onFate: (fate) => {
        report[fate] += 1
      },
    })
    journal.write()
    failures.push(...problems)
  }
  if (broker.lost.aborted) failures.push(messageOf(broker.lost.reason))
  if (failures.length > 0) {
    throw new EcosError('drain-incomplete', `The drain is incomplete: ${failures.join('; ')}`, {
      retryable: true,
    })
  }
  return report
}

/**
 * No message is taken while the bus takes none: each that went back would be one delivery nearer to
 * its queue's limit, and an outage would dead-letter it.
 */
async function waitForBus(bus: Bus, over: AbortSignal, options: DrainOptions): Promise<void> {
  const backOff = createBackOff(options.backOff ?? {})
  for (;;) {
    try {
      return await probeBus(bus)
    } catch (error) {
      const mayPass = error instanceof EcosError && error.retryable
      if (!mayPass || over.aborted) throw error
      options.context.log.warn('EventBridge accepts no events; no message is taken until it does', {
        error,
      })
      await backOff.wait(over)
      if (over.aborted) throw error
    }
  }
}

/** A bus may be there and yet take no events: a probe tells, and costs no message a message. */
async function probeBus(bus: Bus): Promise<void> {
  await bus.check()
  const [result] = await bus.put([probe])
  if (result?.status === 'accepted') return
  const code = result?.code ?? 'no result'
  throw new EcosError(
    'bus-unavailable',
    `EventBridge does not accept events: ${code} for the probe`,
    {
      retryable: true,
    },
  )
}

/** One tenant's queue that can't be declared does not keep the others from being drained. */
async function declareAll(
  { broker, tenants, context: { log }, declare = createDeclare() }: DrainOptions,
  onDeclared: (topology: Topology) => void,
): Promise<{ backlogs: Backlog[]; failures: string[] }> {
  const backlogs: Backlog[] = []
  const failures: string[] = []
  await Promise.all(
    tenants.flatMap(topologiesOf).map(async (topology) => {
      try {
        const ready = await declare(broker, topology)
        onDeclared(topology)
        backlogs.push({ topology, ready })
      } catch (error) {
        if (broker.lost.aborted) throw error
        log.error('The queue could not be declared', {
          tenant: topology.tenant,
          error: error as Error,
        })
        failures.push(messageOf(error))
      }
    }),
  )
  return { backlogs, failures }
}
