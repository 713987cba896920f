import { pause } from '../waiting.ts'
import type { Backlog } from './backlog.ts'
import type { Broker } from './broker.ts'
import type { Topology } from './topology.ts'

/** Messages by tenant, for each tenant whose queue could be counted. */
export type MessageCounts = ReadonlyMap<string, number>

/** Messages at the broker. */
export interface Depths {
  /** Ready to be bridged. */
  readonly waiting: MessageCounts
  /** In the broker's dead-letter queues. */
  readonly deadLettered: MessageCounts
}

export type OnDepths = (depths: Depths) => void

/** Milliseconds between two counts by a worker. */
const countEvery = 60_000

/** Reports the depths every minute until the signal is aborted. Never rejects. */
export async function watchDepths(
  broker: Broker,
  topologiesNow: () => readonly Topology[],
  onDepths: OnDepths,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const topologies = topologiesNow()
    const waiting = await countAll(broker, topologies, 'queue')
    const deadLettered = await countAll(broker, topologies, 'deadLetterQueue')
    if (!over.aborted) onDepths({ waiting, deadLettered })
    await pause(countEvery, over)
  }
}

/** The depths of queues whose ready messages are known. Never rejects. */
export async function depthsOf(broker: Broker, backlogs: readonly Backlog[]): Promise<Depths> {
  const topologies = backlogs.map(({ topology }) => topology)
  return {
    waiting: addUp(backlogs.map(({ topology, ready }) => [topology.tenant, ready])),
    deadLettered: await countAll(broker, topologies, 'deadLetterQueue'),
  }
}

/** Omits a queue that can't be counted. Never rejects. */
async function countAll(
  broker: Broker,
  topologies: readonly Topology[],
  queue: 'queue' | 'deadLetterQueue',
): Promise<MessageCounts> {
  const counting = topologies.map(async (topology): Promise<[string, number][]> => {
    const messages = await broker.count(topology[queue]).catch(() => undefined)
    return messages === undefined ? [] : [[topology.tenant, messages]]
  })
  return addUp((await Promise.all(counting)).flat())
}

/** A tenant has one queue for each wire. */
function addUp(counts: readonly (readonly [tenant: string, messages: number])[]) {
  const sums = new Map<string, number>()
  for (const [tenant, messages] of counts) sums.set(tenant, (sums.get(tenant) ?? 0) + messages)
  return sums
}
