import { pause } from '../../waiting.ts'
import type { ElasticConsumer } from './queue-consumer.ts'
import { boundBacklogs, isWorthwhile, shareOut } from './shares.ts'
import type { WorkerStatus } from './status.ts'

/** Milliseconds between two rounds. */
const every = 200

/** Resizes in one round: bounds the load on the broker. */
const mostResizes = 4

/**
 * Moves prefetch to the queues that need it, until the signal is aborted. Pauses while the bus fails:
 * messages that are held would add to the shares given away.
 *
 * @param countQueues all queues, with those that are not consumed yet
 * @param pace messages that keep the bus busy
 */
export async function reshare(
  consumers: ReadonlySet<ElasticConsumer>,
  prefetch: () => number,
  countQueues: () => number,
  pace: () => number,
  status: WorkerStatus,
  over: AbortSignal,
): Promise<void> {
  const backlogs = boundBacklogs(pace)
  while (!over.aborted) {
    await pause(every, over)
    if (!status.bus.accepting) continue
    const all = [...consumers].map((consumer) => ({ consumer, share: consumer.takeShare() }))
    const total = prefetch()
    const targets = shareOut(
      total,
      all.map(({ share }) => share),
      countQueues(),
      backlogs(total),
    )
    const changes = all
      .map(({ consumer, share }, index) => {
        const to = targets[index] ?? share.prefetch
        return { consumer, to, growth: to / share.prefetch }
      })
      .filter(({ growth }) => isWorthwhile(growth))
      // Shrink before growing, so that the total stays within the prefetch.
      .sort((a, b) => a.growth - b.growth)
    const isGrowth = ({ growth }: { readonly growth: number }) => growth > 1
    const growing = changes.filter(isGrowth)
    const shrinking = changes.filter((change) => !isGrowth(change))
    // A backlog does not wait until each of many idle queues has shrunk: they use little of what they have.
    const left = await resizeSome(shrinking, mostResizes - Math.min(1, growing.length))
    await resizeSome(growing, left + Math.min(1, growing.length))
  }

  /** @returns how many of so many resizes are left */
  async function resizeSome(
    changes: readonly { readonly consumer: ElasticConsumer; readonly to: number }[],
    most: number,
  ): Promise<number> {
    let left = most
    for (const { consumer, to } of changes) {
      if (left === 0 || over.aborted) break
      // A failure means that the connection is lost, which ends the session.
      if (await consumer.resize(to).catch(() => true)) left -= 1
    }
    return left
  }
}
