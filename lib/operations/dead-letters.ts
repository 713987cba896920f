import { chunks } from '../chunks.ts'
import { EcosError, messageOf } from '../errors.ts'
import { pause } from '../waiting.ts'
import type { DeadLetter } from './dead-letter.ts'
import type { LetterBox, TakenLetter } from './letter-box.ts'
import { isSelected, type Selection } from './selection.ts'

/** Looks up in the tables why a letter is here. */
export type ReasonOf = (letter: DeadLetter) => Promise<string | undefined>

/** Letters looked up, or released, concurrently. */
const concurrency = 10

export interface Look {
  readonly letters: readonly DeadLetter[]
  /** Whether the box may hold letters that were not looked at. */
  readonly more: boolean
}

/** Reads a box and leaves every letter in it, even when the signal interrupts. */
export async function lookAt(
  box: LetterBox,
  selection: Selection,
  reasonOf: ReasonOf,
  limit: number,
  signal?: AbortSignal,
): Promise<Look> {
  if ((await box.depth()) === 0) return { letters: [], more: false }
  const taken: TakenLetter[] = []
  try {
    for await (const letter of box.take(limit, signal)) taken.push(letter)
    const letters: DeadLetter[] = []
    for (const chunk of chunks(taken, concurrency)) {
      letters.push(...(await Promise.all(chunk.map((letter) => withReason(letter, reasonOf)))))
    }
    const selected = letters.filter((letter) => isSelected(letter, selection))
    return { letters: selected, more: taken.length >= limit || signal?.aborted === true }
  } finally {
    await releaseAll(taken)
  }
}

export interface Repair {
  /** Sends or saves one letter, which is removed afterwards. */
  act(letter: TakenLetter): Promise<void>
  /** Letters per second, at most. */
  readonly perSecond: number
  readonly signal: AbortSignal
  onProgress(done: number, seen: number): void
}

/**
 * Acts on every selected letter, then removes it: an interruption leaves a letter in its old place, in
 * its new one, or in both; handlers and senders drop the duplicate by its id. Other letters stay.
 *
 * @returns how many letters were acted on
 * @throws EcosError `letter-stuck`, which names the letter
 */
export async function repair(
  box: LetterBox,
  selection: Selection,
  reasonOf: ReasonOf,
  { act, perSecond, signal, onProgress }: Repair,
): Promise<number> {
  if ((await box.depth()) === 0) return 0
  const kept: TakenLetter[] = []
  const startedAt = new Date()
  let done = 0
  let seen = 0
  try {
    for await (const letter of box.take(Number.POSITIVE_INFINITY, signal)) {
      kept.push(letter)
      seen += 1
      // A letter that arrived since the start was sent back and has failed again.
      const isOld = letter.sentAt < startedAt
      if (isOld && isSelected(await withReason(letter, reasonOf), selection)) {
        await act(letter).catch((cause) => Promise.reject(stuck(letter, cause)))
        await letter.remove()
        kept.pop()
        done += 1
        await pause(1000 / perSecond, signal)
      }
      onProgress(done, seen)
      if (signal.aborted) break
    }
    return done
  } finally {
    await releaseAll(kept)
  }
}

/** One letter that can't be sent stops the rest, so the error names it. */
function stuck({ queue, messageId }: DeadLetter, cause: unknown): EcosError {
  const problem = `The message ${messageId} stays in ${queue}: ${messageOf(cause)}`
  return new EcosError('letter-stuck', problem, { cause })
}

async function withReason(letter: DeadLetter, reasonOf: ReasonOf): Promise<DeadLetter> {
  const reason = letter.reason ?? (await reasonOf(letter))
  return reason === undefined ? letter : { ...letter, reason }
}

/** A letter that can't be released becomes visible again when its visibility timeout ends. */
async function releaseAll(letters: readonly TakenLetter[]): Promise<void> {
  for (const chunk of chunks(letters, concurrency)) {
    await Promise.allSettled(chunk.map((letter) => letter.release()))
  }
}
