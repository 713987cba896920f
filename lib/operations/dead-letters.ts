import { chunks } from '../chunks.ts'
import { EcosError, messageOf } from '../errors.ts'
import { pause } from '../waiting.ts'
import type { DeadLetter } from './dead-letter.ts'
import type { LetterBox, TakenLetter } from './letter-box.ts'
import { isSelected, type Selection } from './selection.ts'

/** Adds what the tables know to what a letter says of itself: why it is here. */
export type ReasonOf = (letter: DeadLetter) => Promise<string | undefined>

/** Letters whose reason is looked up at a time, and that are released at a time. */
const atOnce = 10

export interface Look {
  readonly letters: readonly DeadLetter[]
  /** Whether there may be more than were looked at. */
  readonly more: boolean
}

/**
 * Looks at what is there and leaves it as it was, at whichever moment the signal ends it.
 */
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
    for (const some of chunks(taken, atOnce)) {
      letters.push(...(await Promise.all(some.map((letter) => withReason(letter, reasonOf)))))
    }
    const selected = letters.filter((letter) => isSelected(letter, selection))
    return { letters: selected, more: taken.length >= limit || signal?.aborted === true }
  } finally {
    await releaseAll(taken)
  }
}

export interface Repair {
  /** Sends one letter to where it goes. Afterwards it is removed. */
  act(letter: TakenLetter): Promise<void>
  /** Letters in a second, at most. */
  readonly perSecond: number
  readonly signal: AbortSignal
  onProgress(done: number, seen: number): void
}

/**
 * Does something with each letter that is selected, and removes it only then: an end at any point
 * leaves each letter where it was, or where it went, or in both places, which the ids of events and
 * notifications make good. What is not selected is left as it was.
 *
 * @returns how many were dealt with
 * @throws EcosError `letter-stuck`, which names the one that could not be
 */
export async function repair(
  box: LetterBox,
  selection: Selection,
  reasonOf: ReasonOf,
  { act, perSecond, signal, onProgress }: Repair,
): Promise<number> {
  if ((await box.depth()) === 0) return 0
  const left: TakenLetter[] = []
  const startedAt = new Date()
  let done = 0
  let seen = 0
  try {
    for await (const letter of box.take(Number.POSITIVE_INFINITY, signal)) {
      left.push(letter)
      seen += 1
      // What came back since the start has failed again: it is for another run.
      const known = letter.sentAt < startedAt
      if (known && isSelected(await withReason(letter, reasonOf), selection)) {
        await act(letter).catch((cause) => Promise.reject(stuck(letter, cause)))
        await letter.remove()
        left.pop()
        done += 1
        await pause(1000 / perSecond, signal)
      }
      onProgress(done, seen)
      if (signal.aborted) break
    }
    return done
  } finally {
    await releaseAll(left)
  }
}

/** One letter that can go nowhere holds up the rest: whoever reads this has to know which. */
function stuck({ queue, messageId }: DeadLetter, cause: unknown): EcosError {
  const problem = `The message ${messageId} of ${queue} stays where it is: ${messageOf(cause)}`
  return new EcosError('letter-stuck', problem, { cause })
}

async function withReason(letter: DeadLetter, reasonOf: ReasonOf): Promise<DeadLetter> {
  const reason = letter.reason ?? (await reasonOf(letter))
  return reason === undefined ? letter : { ...letter, reason }
}

/** What can't be released is seen again when its time is over. */
async function releaseAll(letters: readonly TakenLetter[]): Promise<void> {
  for (const some of chunks(letters, atOnce)) {
    await Promise.allSettled(some.map((letter) => letter.release()))
  }
}
