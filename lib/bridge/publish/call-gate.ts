import { type BackOffOptions, backOffWait } from '../../back-off.ts'
import type { RateLimit } from './rate-limit.ts'

/** Decides when the next call to the bus may start. */
export interface CallGate {
  /** Uses a turn of the rate limit. @returns false if no call may start yet: `onOpen` says when */
  pass(): boolean
  /** The bus answered: the next pause is a first one again. */
  onAnswer(): void
  /** A call failed: no call starts until a pause is over. Calls that fail together count as one failure. */
  onFailure(): void
  stop(): void
}

/** Closed above the rate limit, and after a failed call for a wait that grows with each failure in a row. */
export function createCallGate(
  rateLimit: RateLimit,
  options: BackOffOptions,
  onOpen: () => void,
): CallGate {
  let failures = 0
  let pause: NodeJS.Timeout | undefined
  let turn: NodeJS.Timeout | undefined
  let stopped = false

  return {
    pass() {
      if (pause || turn) return false
      const wait = rateLimit.take()
      if (wait <= 0) return true
      turn = setTimeout(() => {
        turn = undefined
        onOpen()
      }, wait)
      return false
    },
    onAnswer() {
      failures = 0
    },
    onFailure() {
      if (pause || stopped) return
      failures += 1
      const wait = backOffWait(failures, options, Math.random())
      pause = setTimeout(() => {
        pause = undefined
        onOpen()
      }, wait)
    },
    stop() {
      stopped = true
      clearTimeout(pause)
      clearTimeout(turn)
    },
  }
}
