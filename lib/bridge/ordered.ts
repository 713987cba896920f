import type { BridgeQueue } from './bridge-queue.ts'
import type { IncomingMessage } from './message.ts'
import { mostEntries } from './publish/bus.ts'
import type { Publisher } from './publish/publisher.ts'
import { type BridgeContext, type Fate, settleMessage } from './settle-message.ts'
import { untilSettled } from './until-settled.ts'

/** An ordered queue has at most two batches out: one on its way to the bus, and the next. */
const mostInOrder = 2 * mostEntries

/** The prefetch of a queue that is given this share. */
export function shareOf({ wire }: Pick<BridgeQueue, 'wire'>, share: number): number {
  return wire === '2.0' ? Math.min(share, mostInOrder) : share
}

/**
 * Settles the messages of a queue in order, one PutEvents call at a time. Within a call, a message can
 * fall behind only if the bus fails its entry and accepts later ones.
 *
 * @param context its publisher has one call in flight at most, and serves this queue alone
 * @param over aborted when failed attempts are no longer repeated
 * @param holdFor milliseconds after which a message is given back all the same (default: no limit)
 */
export function createInOrder(
  context: BridgeContext,
  over: AbortSignal,
  holdFor?: number,
): (message: IncomingMessage) => Promise<Fate> {
  const waiting: { message: IncomingMessage; settle: (fate: Fate) => void }[] = []
  let running = false

  return (message) =>
    new Promise((settle) => {
      waiting.push({ message, settle })
      if (!running) void run()
    })

  async function run(): Promise<void> {
    running = true
    // Messages that arrive together go into one call.
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const fates = await settleTogether(waiting.splice(0, mostEntries))
      // The messages behind one that goes back must not overtake it.
      if (fates.includes('returned')) for (const { settle } of waiting.splice(0)) settle('returned')
    }
    running = false
  }

  async function settleTogether(batch: readonly (typeof waiting)[number][]): Promise<Fate[]> {
    let before = Promise.resolve()
    const settled = batch.map(async ({ message, settle }) => {
      const place = takePlace(before, context.publisher)
      before = place.passed
      const inOrder = { ...context, publisher: place.publisher }
      const attempt = () => settleMessage(message, inOrder).finally(place.leave)
      const fate = await untilSettled(attempt, over, holdFor)
      settle(fate)
      return fate
    })
    return Promise.all(settled)
  }
}

interface Place {
  readonly publisher: Publisher
  /** For a message that publishes nothing. */
  leave(): void
  /** Resolves when this message and all before it were handed to the publisher, or left. */
  readonly passed: Promise<void>
}

/** A place in the line to the publisher, however long each message takes to be read and stored. */
function takePlace(before: Promise<void>, publisher: Publisher): Place {
  const { promise: mine, resolve: leave } = Promise.withResolvers<void>()
  return {
    leave,
    passed: Promise.all([before, mine]).then(() => undefined),
    publisher: {
      ...publisher,
      async publish(entry) {
        await before
        const publication = publisher.publish(entry)
        leave()
        return publication
      },
    },
  }
}
