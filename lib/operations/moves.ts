import { EcosError } from '../errors.ts'
import { pause } from '../waiting.ts'
import type { LetterBox, MoveProgress } from './letter-box.ts'

export interface MoveWatch {
  /** Letters per second, at most. */
  readonly perSecond: number
  /** Aborted to cancel the move: what is not moved by then stays. */
  readonly signal: AbortSignal
  /** Milliseconds between two looks. */
  readonly interval: number
  onProgress(progress: MoveProgress): void
}

/**
 * Starts a move of a whole box by the service and follows it to its end.
 *
 * @returns about how many letters it moved; undefined if the service or the box has no moves
 * @throws EcosError `move-failed`, with the reason that SQS gives
 */
export async function moveAll(
  box: LetterBox,
  { perSecond, signal, interval, onProgress }: MoveWatch,
): Promise<number | undefined> {
  if (box.startMove === undefined) return undefined
  if ((await box.depth()) === 0) return 0
  const move = await box.startMove(perSecond)
  if (move === undefined) return undefined
  const never = new AbortController().signal
  let isCancelled = false
  for (;;) {
    const progress = await move.look()
    onProgress(progress)
    const { state, moved, reason } = progress
    if (state === 'done') return moved
    if (state === 'failed') {
      const problem = `SQS stopped moving ${box.name} after ${moved} messages: ${reason ?? 'no reason given'}`
      throw new EcosError('move-failed', `${problem}; the other messages are still there`)
    }
    if (signal.aborted && !isCancelled) {
      isCancelled = true
      await move.cancel()
    }
    await pause(interval, isCancelled ? never : signal)
  }
}
