import { type Fault, faultOf } from './fault.ts'

/** Milliseconds after which a question without an answer counts as a fault. */
const slowAfter = 8_000

/** A question that is asked again and again, and its latest answer. */
export interface Latest<T> {
  /** Asks, unless an answer is still awaited. Never rejects. */
  refresh(): Promise<void>
  /** The latest answer, whatever failed since; undefined before the first one. */
  answer(): { readonly value: T; readonly at: Date } | undefined
  /** Why there is no newer answer. */
  fault(): Fault | undefined
}

/** @param interval milliseconds between two questions, at least */
export function createLatest<T>(part: string, ask: () => Promise<T>, interval = 0): Latest<T> {
  let latest: { value: T; at: Date } | undefined
  let fault: Fault | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: { since: number; over: Promise<void> } | undefined

  const askOnce = async () => {
    try {
      latest = { value: await ask(), at: new Date() }
      fault = undefined
    } catch (error) {
      fault = faultOf(part, error)
    }
    asking = undefined
  }
  return {
    async refresh() {
      if (asking === undefined) {
        if (Date.now() - askedAt < interval) return
        askedAt = Date.now()
        asking = { since: askedAt, over: askOnce() }
      }
      await asking.over
    },
    answer: () => latest,
    fault() {
      const isSlow = asking !== undefined && Date.now() - asking.since > slowAfter
      return fault ?? (isSlow ? { part, kind: 'slow', text: '' } : undefined)
    },
  }
}
