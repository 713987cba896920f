import type { BrokerLetters } from '../../lib/amqp/letter-boxes.ts'
import {
  type BridgeQueue,
  bridgeQueues,
  noTenant,
  withBypasses,
} from '../../lib/bridge/bridge-queue.ts'
import { formerQueues } from '../../lib/bridge/change-over.ts'
import { topologiesOf } from '../../lib/bridge/topology.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import { poolQueue } from '../../lib/tenants/names.ts'
import { ownPartition } from '../../lib/tenants/partition.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'

/** Which dead letters are meant, as far as it says in which queues they can be. */
export interface Whereabouts {
  readonly tenant?: string | undefined
  /** The dead-letter queue. */
  readonly queue?: string | undefined
}

export interface QueuesMeant {
  readonly current: readonly BridgeQueue[]
  /** Those that the tenants may have had before a change-over: their dead letters stay. */
  readonly former: readonly BridgeQueue[]
}

/**
 * The bridge's queues whose dead letters are meant. A tenant's are never in a queue that another one has to
 * itself; what is no tenant's may be in any.
 *
 * @param tenants those of the cell, in their pools
 */
export function queuesMeant(
  tenants: readonly Tenant[],
  partitions: number,
  { tenant, queue }: Whereabouts,
): QueuesMeant {
  const whose = tenant === noTenant ? undefined : tenant
  const others = tenants.filter(({ id }) => id !== (whose ?? id))
  const poolsOfOthers = new Set(others.map(({ id, cell }) => poolQueue(cell, ownPartition(id))))
  const isMeant = ({ name, owner, deadLetterQueue }: BridgeQueue) =>
    (queue ?? deadLetterQueue) === deadLetterQueue &&
    (owner === undefined || (whose ?? owner) === owner) &&
    !poolsOfOthers.has(name)
  return {
    current: withBypasses(bridgeQueues(tenants.flatMap(topologiesOf))).filter(isMeant),
    former: formerQueues(tenants, partitions).filter(isMeant),
  }
}

/** Former queues that were not there. */
export interface Absences {
  has(queue: string): boolean
  add(queue: string): void
}

/** Milliseconds after which a former queue is looked for again: a change-over may have made it. */
const absentFor = 600_000

/**
 * Remembers, for a process that looks again and again: most former queues have never been there, and each costs the
 * broker a channel and an entry in its log.
 */
export function createAbsences(now = () => Date.now()): Absences {
  const since = new Map<string, number>()
  return {
    has: (queue) => now() - (since.get(queue) ?? Number.NEGATIVE_INFINITY) < absentFor,
    add: (queue) => void since.set(queue, now()),
  }
}

/** The dead-letter queues of these queues, as far as there are any, in their order. */
export async function boxesOf(
  { current, former }: QueuesMeant,
  box: BrokerLetters['box'],
  absences = createAbsences(),
): Promise<LetterBox[]> {
  const formerBox = async (queue: BridgeQueue) => {
    if (absences.has(queue.deadLetterQueue)) return undefined
    const found = await box(queue)
    if (found === undefined) absences.add(queue.deadLetterQueue)
    return found
  }
  const found = await Promise.all([...current.map(box), ...former.map(formerBox)])
  return found.filter((one) => one !== undefined)
}
