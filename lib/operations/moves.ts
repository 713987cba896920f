import { EcosError } from '../errors.ts'
import { pause } from '../waiting.ts'
import type { LetterBox, MoveProgress } from './letter-box.ts'

export interface MoveWatch {
  /** Letters in a second, at most. */
  readonly perSecond: number
  /** Aborted to end the move: what is not moved by then stays. */
  readonly signal: AbortSignal
  /** Milliseconds between two looks. */
  readonly every: number
  onProgress(progress: MoveProgress): void
}

/**
 * Has the service itself move all that is in a box to where it came from, and follows that to its end.
 *
 * @returns about how many it moved; undefined where the service or the box has no such thing
 * @throws EcosError `move-failed`, with the reason that SQS gives
 */
export async function moveAll(
  box: LetterBox,
  { perSecond, signal, every, onProgress }: MoveWatch,
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
    if (state === 'over') return moved
    if (state === 'failed') {
      const problem = `SQS gave up moving ${box.name} after ${moved} messages: ${reason ?? 'no reason given'}`
      throw new EcosError('move-failed', `${problem}; what is not moved is where it was`)
    }
    if (signal.aborted && !isCancelled) {
      isCancelled = true
      await move.cancel()
    }
    await pause(every, isCancelled ? never : signal)
  }
}
