import { type Carriers, carry, type Fate } from './carry.ts'
import type { Delivery } from './message.ts'
import { mostEntries } from './publish/bus.ts'
import type { Publisher } from './publish/publisher.ts'
import type { Topology } from './topology.ts'
import { untilSettled } from './until-settled.ts'

/** A queue in order has no more out at once than the batch on its way to the bus, and the next. */
const mostInOrder = 2 * mostEntries

/** The messages that may be out at once of a queue with that share of the prefetch. */
export function shareOf({ wire }: Topology, share: number): number {
  return wire === '2.0' ? Math.min(share, mostInOrder) : share
}

/**
 * Carries the messages of a queue in the order in which they came, as many at a time as one PutEvents
 * call takes; the next ones go when all of these are settled. Among themselves a message can fall
 * behind only where the bus fails it and takes those after it.
 *
 * @param carriers their publisher has one call in flight at most, and serves this queue alone
 * @param over aborted when nothing is tried again any more
 */
export function createInOrder(
  carriers: Carriers,
  over: AbortSignal,
): (delivery: Delivery) => Promise<Fate> {
  const waiting: { delivery: Delivery; settle: (fate: Fate) => void }[] = []
  let running = false

  return (delivery) =>
    new Promise((settle) => {
      waiting.push({ delivery, settle })
      if (!running) void run()
    })

  async function run(): Promise<void> {
    running = true
    // What is delivered together goes together.
    await new Promise(setImmediate)
    while (waiting.length > 0) await carryTogether(waiting.splice(0, mostEntries))
    running = false
  }

  async function carryTogether(batch: readonly (typeof waiting)[number][]): Promise<void> {
    let before = Promise.resolve()
    const settled = batch.map(async ({ delivery, settle }) => {
      const turn = takeTurn(before, carriers.publisher)
      before = turn.over
      const inTurn = { ...carriers, publisher: turn.publisher }
      const attempt = () => carry(delivery, inTurn).finally(turn.end)
      settle(await untilSettled(attempt, over))
    })
    await Promise.all(settled)
  }
}

interface Turn {
  readonly publisher: Publisher
  /** For a message that publishes nothing. */
  end(): void
  /** Resolves when this one and all before it have been handed to the publisher, or ended. */
  readonly over: Promise<void>
}

/** Entries go in the order of their turns, however long each takes to be read and stored. */
function takeTurn(before: Promise<void>, publisher: Publisher): Turn {
  const { promise: mine, resolve: end } = Promise.withResolvers<void>()
  return {
    end,
    over: Promise.all([before, mine]).then(() => undefined),
    publisher: {
      ...publisher,
      async publish(entry) {
        await before
        const publication = publisher.publish(entry)
        end()
        return publication
      },
    },
  }
}
