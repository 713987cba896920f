import type { BackOffOptions } from '../../back-off.ts'
import { EcosError } from '../../errors.ts'
import { takeBatch } from './batch.ts'
import { type Bus, type BusEntry, type EntryResult, entryBytes, mostEntries } from './bus.ts'
import { createCallGate } from './call-gate.ts'
import { type CallLimit, createCallLimit, fillOf } from './call-limit.ts'
import { reportEntryFailures } from './entry-failures.ts'
import { createFairQueue } from './fair-queue.ts'
import { type RateLimit, unlimited } from './rate-limit.ts'
import { createRetries, type Failing } from './retries.ts'

/** The fate of an entry. `unsent`: the publisher was stopped before the bus accepted it. */
export type Publication =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly explanation: string }
  | { readonly outcome: 'unsent' }

export interface PublisherOptions extends BackOffOptions {
  /** PutEvents calls in flight at once, at most (default 10): as many as their latency needs. */
  readonly mostCalls?: number
  /** The same as a limit that outlives the publisher (default: one of its own, of `mostCalls`). */
  readonly callLimit?: CallLimit
  /** Limits PutEvents calls per second, failed ones included (default: no limit). */
  readonly rateLimit?: RateLimit
  /** Called for a failed call, and at most once a second for entries that failed in others. */
  readonly onFailure?: (error: EcosError) => void
}

export interface Publisher {
  /**
   * Resolves when the entry's fate is known. Never rejects.
   *
   * @param onHeld called when the entry waits for a time of its own, and no longer for its turn
   */
  publish(entry: BusEntry, onHeld?: () => void): Promise<Publication>
  /** Entries that keep the calls full which are in flight now. More would only wait. */
  room(): number
  /**
   * Since when, by `performance.now()`, the entry that has failed for longest fails, whatever becomes of
   * the others. Undefined while none does.
   */
  failingSince(): number | undefined
  /** Starts no further call, and resolves when those in flight are over. */
  stop(): Promise<void>
}

interface Waiting {
  readonly entry: BusEntry
  readonly bytes: number
  readonly alone: boolean
  readonly failing?: Failing
  readonly onHeld: (() => void) | undefined
  readonly resolve: (publication: Publication) => void
}

/**
 * Packs entries into PutEvents calls, keeps several in flight, and sends only failed entries again,
 * with exponential back-off and full jitter, within the rate limit. Sources (tenants) are served in
 * turn, so that one tenant's backlog does not delay another.
 *
 * A failed call is the bus's failure: all publishing pauses. An entry that fails in a call which the
 * bus answered is retried after a wait of its own: it delays no other entry, however long it fails.
 * The caller bounds how many entries wait.
 */
export function createPublisher(bus: Bus, options: PublisherOptions = {}): Publisher {
  const { mostCalls = 10, rateLimit = unlimited, onFailure } = options
  const { callLimit: limit = createCallLimit(mostCalls) } = options
  const waiting = createFairQueue<Waiting>(mostEntries)
  const retries = createRetries<Waiting>(options, enqueue)
  const gate = createCallGate(rateLimit, options, schedule)
  /** Every entry that has failed and is not settled, the longest failing first. */
  const failing = new Map<Waiting['resolve'], number>()
  const calls = new Set<Promise<void>>()
  const report = reportEntryFailures(onFailure)
  let stopped = false
  let pumping = false

  return {
    publish(entry, onHeld) {
      return new Promise((resolve) => {
        enqueue({ entry, bytes: entryBytes(entry), alone: false, onHeld, resolve })
      })
    },
    room: () => fillOf(limit.most),
    failingSince: () => failing.values().next().value,
    async stop() {
      stopped = true
      gate.stop()
      for (const item of [...waiting.clear(), ...retries.clear()]) settle(item, unsent)
      await Promise.all(calls)
    },
  }

  function enqueue(item: Waiting): void {
    if (stopped) {
      settle(item, unsent)
    } else {
      waiting.push(item.entry.source, item)
      schedule()
    }
  }

  function settle({ resolve }: Waiting, publication: Publication): void {
    failing.delete(resolve)
    resolve(publication)
  }

  /** Waits for the end of the current turn, so that entries that arrive together are sent together. */
  function schedule(): void {
    if (pumping) return
    pumping = true
    setImmediate(() => {
      pumping = false
      while (mayStart() && gate.pass()) start(takeBatch(waiting))
    })
  }

  /** A call that is not full waits while half of the calls are in flight, and leaves room for full ones. */
  function mayStart(): boolean {
    if (waiting.size === 0) return false
    const isFull = waiting.size >= mostEntries
    if (calls.size < (isFull ? limit.most : Math.ceil(limit.most / 2))) return true
    if (isFull) limit.onWait()
    return false
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
      // An answer that says nothing of any entry accepts none of them.
      if (results.length === 0) throw noResults()
      gate.onAnswer()
      limit.onAnswer()
      applyResults(batch, results)
    } catch (error) {
      if (error instanceof EcosError && error.code === 'call-refused') {
        gate.onAnswer()
        limit.onAnswer()
        isolate(batch, error)
      } else {
        onFailure?.(asUnavailable(error))
        gate.onFailure()
        limit.onFailure()
        for (const item of batch) enqueue(failed(item))
      }
    }
  }

  /** Results come in the order of the entries; an entry without a result has failed. */
  function applyResults(batch: readonly Waiting[], results: readonly EntryResult[]): void {
    const codes: string[] = []
    for (const [index, item] of batch.entries()) {
      const result = results[index]
      if (result?.status === 'accepted') settle(item, accepted)
      else if (result?.status === 'refused') {
        settle(item, { outcome: 'refused', explanation: result.code })
      } else {
        codes.push(result?.code ?? 'no-result')
        retryLater(failed(item))
      }
    }
    if (codes.length > 0) report(codes, batch.length)
  }

  function failed(item: Waiting): Waiting & { failing: Failing } {
    const { since = performance.now(), times = 0 } = item.failing ?? {}
    failing.set(item.resolve, since)
    return { ...item, failing: { since, times: times + 1 } }
  }

  function retryLater(item: Waiting & { failing: Failing }): void {
    if (stopped) {
      settle(item, unsent)
    } else {
      item.onHeld?.()
      retries.retry(item, item.failing)
    }
  }

  /** The bus does not say which entry made it refuse the call: each is tried alone. */
  function isolate(batch: readonly Waiting[], error: EcosError): void {
    for (const item of batch) {
      if (batch.length > 1) enqueue({ ...item, alone: true })
      else settle(item, { outcome: 'refused', explanation: error.message })
    }
  }
}

const accepted: Publication = { outcome: 'accepted' }
const unsent: Publication = { outcome: 'unsent' }

function noResults(): EcosError {
  const problem = 'EventBridge answered a call without a result for any of its entries'
  return new EcosError('bus-unavailable', problem, { retryable: true })
}

function asUnavailable(cause: unknown): EcosError {
  if (cause instanceof EcosError) return cause
  return new EcosError('bus-unavailable', 'EventBridge could not be reached', {
    cause,
    retryable: true,
  })
}
