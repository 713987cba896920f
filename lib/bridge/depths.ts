import { pause } from '../waiting.ts'
import type { Backlog } from './backlog.ts'
import { type BridgeQueue, labelOf, withBypasses } from './bridge-queue.ts'
import type { Broker } from './broker.ts'

/** Messages by tenant or, for a pool with its bypass, by the pool, as far as they could be counted. */
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
  queuesNow: () => readonly BridgeQueue[],
  onDepths: OnDepths,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const queues = withBypasses(queuesNow())
    const waiting = await countAll(broker, queues, 'name')
    const deadLettered = await countAll(broker, queues, 'deadLetterQueue')
    if (!over.aborted) onDepths({ waiting, deadLettered })
    await pause(countEvery, over)
  }
}

/** The depths of queues whose ready messages are known. Never rejects. */
export async function depthsOf(broker: Broker, backlogs: readonly Backlog[]): Promise<Depths> {
  const queues = backlogs.map(({ queue }) => queue)
  return {
    waiting: addUp(backlogs.map(({ queue, ready }) => [labelOf(queue), ready])),
    deadLettered: await countAll(broker, queues, 'deadLetterQueue'),
  }
}

/** Omits a queue that can't be counted. Never rejects. */
async function countAll(
  broker: Broker,
  queues: readonly BridgeQueue[],
  which: 'name' | 'deadLetterQueue',
): Promise<MessageCounts> {
  const counting = queues.map(async (queue): Promise<[string, number][]> => {
    const messages = await broker.count(queue[which]).catch(() => undefined)
    return messages === undefined ? [] : [[labelOf(queue), messages]]
  })
  return addUp((await Promise.all(counting)).flat())
}

/** A tenant has one queue for each wire, and a pool two. */
function addUp(counts: readonly (readonly [label: string, messages: number])[]) {
  const sums = new Map<string, number>()
  for (const [label, messages] of counts) sums.set(label, (sums.get(label) ?? 0) + messages)
  return sums
}
