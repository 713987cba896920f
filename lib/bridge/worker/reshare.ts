import { pause } from '../../waiting.ts'
import { isWorthwhile, shareOut } from './shares.ts'
import type { WorkerStatus } from './status.ts'
import type { TenantConsumer } from './tenant-consumer.ts'

/** Milliseconds between two looks at who needs more of the prefetch. */
const every = 1_000

/** New consumers in one look: a bound on what the sharing costs the broker. */
const mostResizes = 20

/**
 * Keeps the prefetch with those who need it, until the signal is aborted. While the bus takes nothing
 * all stays as it is: what is held would come on top of what is given to others.
 */
export async function reshare(
  consumers: ReadonlySet<TenantConsumer>,
  prefetch: number,
  status: WorkerStatus,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    await pause(every, over)
    if (!status.bus.accepting) continue
    const all = [...consumers].map((consumer) => ({ consumer, share: consumer.takeShare() }))
    const targets = shareOut(
      prefetch,
      all.map(({ share }) => share),
    )
    const changes = all
      .map(({ consumer, share }, index) => {
        const to = targets[index] ?? share.prefetch
        return { consumer, to, growth: to / share.prefetch }
      })
      .filter(({ growth }) => isWorthwhile(growth))
      // What one gives up is there to be given to another.
      .sort((a, b) => a.growth - b.growth)
    for (const { consumer, to } of changes.slice(0, mostResizes)) {
      // A failure here is the connection's, which ends the session.
      if (!over.aborted) await consumer.resize(to).catch(() => undefined)
    }
  }
}
