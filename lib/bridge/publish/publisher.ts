import { type BackOffOptions, backOffWait } from '../../back-off.ts'
import { EcosError } from '../../errors.ts'
import {
  type Bus,
  type BusEntry,
  type EntryResult,
  entryBytes,
  mostCallBytes,
  mostEntries,
} from './bus.ts'
import { createFairQueue, type FairQueue } from './fair-queue.ts'
import { type RateLimit, unlimited } from './rate-limit.ts'

/** What became of an entry. `unsent`: the publisher was stopped before the bus had accepted it. */
export type Publication =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly explanation: string }
  | { readonly outcome: 'unsent' }

export interface PublisherOptions extends BackOffOptions {
  /** PutEvents calls in flight at once (default 10). */
  readonly mostCalls?: number
  /** How many PutEvents calls a second are allowed, those that fail among them (default: no limit). */
  readonly rateLimit?: RateLimit
  readonly onFailure?: (error: EcosError) => void
}

export interface Publisher {
  /** Resolves when the entry's fate is known. Never rejects. */
  publish(entry: BusEntry): Promise<Publication>
  /** Starts no further call, and resolves when those in flight are over. */
  stop(): Promise<void>
}

interface Waiting {
  readonly entry: BusEntry
  readonly bytes: number
  /** Sent in a call of its own, to find out which entry made the bus refuse a whole call. */
  readonly alone: boolean
  readonly resolve: (publication: Publication) => void
}

/**
 * Packs entries into PutEvents calls, keeps several in flight, and sends again only what failed,
 * with exponential back-off and full jitter, within the rate limit. Sources (tenants) are served in
 * turn, so that what waits of one does not stand before another's. While the bus fails, all sending
 * waits: how many entries wait is bounded by whoever publishes.
 */
export function createPublisher(bus: Bus, options: PublisherOptions = {}): Publisher {
  const { mostCalls = 10, rateLimit = unlimited, onFailure } = options
  const waiting = createFairQueue<Waiting>(mostEntries)
  const calls = new Set<Promise<void>>()
  let failures = 0
  let backingOff = false
  let rateLimited = false
  let stopped = false
  let pumping = false

  return {
    publish(entry) {
      return new Promise((resolve) => {
        enqueue({ entry, bytes: entryBytes(entry), alone: false, resolve })
      })
    },
    async stop() {
      stopped = true
      for (const { resolve } of waiting.clear()) resolve({ outcome: 'unsent' })
      await Promise.all(calls)
    },
  }

  function enqueue(item: Waiting): void {
    if (stopped) {
      item.resolve({ outcome: 'unsent' })
    } else {
      waiting.push(item.entry.source, item)
      schedule()
    }
  }

  /** Waits for the end of the current turn, so that what arrives together is sent together. */
  function schedule(): void {
    if (pumping) return
    pumping = true
    setImmediate(() => {
      pumping = false
      while (!backingOff && !rateLimited && mayStart()) {
        const wait = rateLimit.take()
        if (wait > 0) waitForRate(wait)
        else start(takeBatch(waiting))
      }
    })
  }

  /** A call that is not full leaves room for those that will be: it waits while half are in flight. */
  function mayStart(): boolean {
    const most = waiting.size < mostEntries ? Math.ceil(mostCalls / 2) : mostCalls
    return waiting.size > 0 && calls.size < most
  }

  function waitForRate(milliseconds: number): void {
    rateLimited = true
    setTimeout(() => {
      rateLimited = false
      schedule()
    }, milliseconds)
  }

  function start(batch: readonly Waiting[]): void {
    const call = send(batch).finally(() => {
      calls.delete(call)
      schedule()
    })
    calls.add(call)
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await bus.put(batch.map(({ entry }) => entry))
      settle(batch, results)
    } catch (error) {
      if (error instanceof EcosError && error.code === 'call-refused') {
        isolate(batch, error)
      } else {
        backOff(asUnavailable(error))
        batch.forEach(enqueue)
      }
    }
  }

  /** Results come in the order of the entries; an entry without one has failed. */
  function settle(batch: readonly Waiting[], results: readonly EntryResult[]): void {
    const failed: Waiting[] = []
    let code = 'no-result'
    for (const [index, item] of batch.entries()) {
      const result = results[index]
      switch (result?.status) {
        case 'accepted':
          item.resolve({ outcome: 'accepted' })
          break
        case 'refused':
          item.resolve({ outcome: 'refused', explanation: result.code })
          break
        default:
          code = result?.code ?? code
          failed.push(item)
      }
    }
    if (failed.length === 0) {
      failures = 0
      return
    }
    backOff(
      new EcosError(
        'entries-failed',
        `EventBridge failed ${failed.length} of ${batch.length} entries: ${code}`,
        { retryable: true },
      ),
    )
    failed.forEach(enqueue)
  }

  /** The bus does not say which entry it means when it refuses a call: each is tried alone. */
  function isolate(batch: readonly Waiting[], error: EcosError): void {
    for (const item of batch) {
      if (batch.length > 1) enqueue({ ...item, alone: true })
      else item.resolve({ outcome: 'refused', explanation: error.message })
    }
  }

  function backOff(error: EcosError): void {
    onFailure?.(error)
    // Calls that fail together count as one failure.
    if (backingOff || stopped) return
    backingOff = true
    failures += 1
    const wait = backOffWait(failures, options, Math.random())
    setTimeout(() => {
      backingOff = false
      schedule()
    }, wait)
  }
}

/** Takes the next ones, a source at a time, as long as they fit into one call; at least one entry. */
function takeBatch(waiting: FairQueue<Waiting>): Waiting[] {
  const batch: Waiting[] = []
  let bytes = 0
  for (let next = waiting.peek(); next !== undefined; next = waiting.peek()) {
    bytes += next.bytes
    const fits = batch.length < mostEntries && bytes <= mostCallBytes && !next.alone
    if (batch.length > 0 && !fits) break
    batch.push(next)
    waiting.take()
    if (next.alone) break
  }
  return batch
}

function asUnavailable(error: unknown): EcosError {
  return error instanceof EcosError
    ? error
    : new EcosError('bus-unavailable', 'EventBridge could not be reached', {
        cause: error,
        retryable: true,
      })
}
