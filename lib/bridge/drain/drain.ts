import type { BackOffOptions } from '../../back-off.ts'
import { EcosError, messageOf } from '../../errors.ts'
import { startBridgeListener } from '../../records/bridge-listener.ts'
import { events2Interests, type InterestsOf, wantNothing } from '../../records/interests.ts'
import type { Tenant } from '../../tenants/tenants-file.ts'
import { whenAborted } from '../../waiting.ts'
import { type Backlog, countBacklogs } from '../backlog.ts'
import { bridgeQueues, labelOf } from '../bridge-queue.ts'
import type { Broker } from '../broker.ts'
import { createDeclare, type Declare } from '../declaring.ts'
import { depthsOf, type OnDepths } from '../depths.ts'
import { events2Context } from '../events-2.ts'
import { createFloodWatch, poolsByQueue } from '../flood-watch.ts'
import { createJournal } from '../journal.ts'
import { createLetGo, type LetGo } from '../leaving.ts'
import type { Bus } from '../publish/bus.ts'
import type { RateLimit } from '../publish/rate-limit.ts'
import { type BridgeContext, type Fate, noFates } from '../settle-message.ts'
import { type Topology, topologiesOf } from '../topology.ts'
import { consumeUntilEmpty } from './consume-until-empty.ts'
import { startDeclaring } from './declarations.ts'
import { untilReady } from './readiness.ts'

export interface DrainOptions {
  readonly tenants: readonly Tenant[]
  /** Removed tenants: their queues are unbound, and drained of what is left. */
  readonly leaving?: readonly Tenant[]
  /** Tenants that moved to another cell: what a pool has of their events is bridged. */
  readonly moved?: readonly Tenant[]
  /** Remembers what was unbound across drains (default: nothing is remembered). */
  readonly letGo?: LetGo
  readonly broker: Broker
  readonly bus: Bus
  readonly context: Omit<BridgeContext, 'journal'>
  /** Aborted when no new message may be taken any more. */
  readonly deadline: AbortSignal
  /** Messages that may be out at once, over all tenants (default 100): bounds the memory. */
  readonly prefetch?: number
  /** Remembers declarations across drains (default: nothing is remembered). */
  readonly declare?: Declare
  /** Milliseconds for which the first message waits for declarations that are not over (default 5,000). */
  readonly declareFirst?: number
  /** The waits between two probes of a bus or a store that fails. */
  readonly backOff?: BackOffOptions
  /** The rate limit of the context's publisher, which events 2.0 share (default: no limit). */
  readonly rateLimit?: RateLimit
  /** Interests in record events besides those in tenants.yml (default: none). */
  readonly interestsOf?: InterestsOf
  /** Called with the depths before any message is taken, of the queues that are declared by then. */
  readonly onDepths?: OnDepths
  /** Called when a queue has been declared and bound: from then on its events are kept. */
  readonly onDeclared?: (topology: Topology) => void
}

/**
 * Milliseconds for which the first message waits for the declarations: those of some thousand tenants are over by
 * then. Of more tenants, the queues that are declared are drained meanwhile.
 */
const declareFirst = 5_000

/** Milliseconds after the drain in which the sources of record events may be told what is wanted. */
const listenerPatience = 1_000

/** Messages by fate. */
export type DrainReport = Readonly<Record<Fate, number>>

export const nothingDrained: DrainReport = noFates()

/**
 * Drains the tenants' queues until they are empty or the deadline is near. Any number of drains may
 * run at once: they compete for the messages.
 *
 * @throws EcosError `bus-unavailable`, `store-unavailable` if the bus or a store took nothing until the
 *   deadline, and no message was taken; `drain-incomplete` if a queue could not be declared or consumed,
 *   the connection was lost, or messages are left. Those are in the broker's queues.
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
    await listener.close(broker.lost.aborted ? 0 : listenerPatience)
  }
}

async function drainAll(
  options: DrainOptions,
  onDeclared: (topology: Topology) => void,
): Promise<DrainReport> {
  const { broker, bus, tenants, leaving = [], moved = [], deadline, prefetch = 100 } = options
  const { declare = createDeclare(), letGo = createLetGo(options.context.log) } = options
  const { log } = options.context
  const over = AbortSignal.any([deadline, broker.lost])
  const declarations = startDeclaring({
    ...{ broker, declare, letGo, onDeclared, log, over },
    served: tenants.flatMap(topologiesOf),
    leaving: leaving.flatMap(topologiesOf),
    moved: moved.flatMap(topologiesOf),
  })
  const pools = poolsByQueue(bridgeQueues([...tenants, ...leaving].flatMap(topologiesOf)))
  const floods = createFloodWatch(broker, () => pools, log)
  const report = { ...nothingDrained }
  const problems: string[] = []
  const backlogs: Backlog[] = []
  let left: readonly Backlog[] = []
  do {
    const declared = await declarations.next(options.declareFirst ?? declareFirst)
    const isFirst = backlogs.length === 0 && (declared.length > 0 || declarations.areOver)
    if (isFirst && !over.aborted) options.onDepths?.(await depthsOf(broker, declared))
    backlogs.push(...declared)
    left = deadline.aborted ? declared : []
    if (declared.some(({ ready }) => ready > 0) && !deadline.aborted) {
      await drainQueues(declared)
      left = deadline.aborted ? await countLeft(broker, backlogs) : []
    }
  } while (!declarations.areOver && !over.aborted)
  if (broker.lost.aborted) problems.push(messageOf(broker.lost.reason))
  const failures = [...declarations.failures(), ...problems, ...leftBehind(left, report.returned)]
  if (failures.length > 0) {
    throw new EcosError('drain-incomplete', `The drain is incomplete: ${failures.join('; ')}`, {
      retryable: true,
    })
  }
  return report

  async function drainQueues(declared: readonly Backlog[]): Promise<void> {
    await untilReady(bus, options.context, over, options.backOff)
    for (const { queue, ready } of declared) {
      const pool = pools.get(queue.name)
      if (pool?.bypass?.name === queue.name && ready > 0) floods.noteBypass(pool)
    }
    await floods.look()
    const journal = createJournal(log)
    const context = { ...options.context, journal }
    const interests = events2Interests([...tenants, ...leaving], options.interestsOf)
    problems.push(
      ...(await consumeUntilEmpty(declared, {
        broker,
        context,
        context2: events2Context(context, bus, interests, options),
        deadline,
        prefetch,
        onDelivered: floods.note,
        onFate: (fate) => {
          report[fate] += 1
        },
      })),
    )
    journal.write()
  }
}

/** Milliseconds for the last count. */
const countPatience = 2_000

/** The backlogs as they are now; none if the broker does not tell. */
async function countLeft(
  broker: Broker,
  backlogs: readonly Backlog[],
): Promise<readonly Backlog[]> {
  if (broker.lost.aborted) return []
  const queues = backlogs.map(({ queue }) => queue)
  return Promise.race([
    countBacklogs(broker, queues).catch(() => []),
    whenAborted(AbortSignal.any([broker.lost, AbortSignal.timeout(countPatience)])).then(() => []),
  ])
}

/** Queues that an error names. */
const namedQueues = 10

/** A drain that leaves messages behind is not a good one, whatever it bridged. */
function leftBehind(backlogs: readonly Backlog[], returned: number): string[] {
  const filled = backlogs.filter(({ ready }) => ready > 0)
  const waiting = filled.reduce((sum, { ready }) => sum + ready, 0)
  const labels = [...new Set(filled.map(({ queue }) => labelOf(queue)))]
  const more = labels.length > namedQueues ? `, and ${labels.length - namedQueues} more` : ''
  const names = labels.slice(0, namedQueues).join(', ') + more
  return [
    ...(waiting > 0 ? [`${waiting} messages are left in the queues of ${names}`] : []),
    ...(returned > 0 ? [`${returned} messages could not be settled and went back`] : []),
  ]
}
