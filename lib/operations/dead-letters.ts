import { chunks } from '../chunks.ts'
import { EcosError, messageOf } from '../errors.ts'
import { pause } from '../waiting.ts'
import type { DeadLetter } from './dead-letter.ts'
import type { LetterBox, TakenLetter } from './letter-box.ts'
import { isSelected, type Selection } from './selection.ts'

/** Looks up in the tables why a letter is here. */
export type ReasonOf = (letter: DeadLetter) => Promise<string | undefined>

/** Letters looked up, or released, concurrently. */
const concurrency = 20

export interface Look {
  readonly letters: readonly DeadLetter[]
  /** How many letters the box holds, whichever are selected. Approximate. */
  readonly depth: number
  /** Whether the box may hold letters that were not looked at. */
  readonly more: boolean
}

export interface LookBounds {
  readonly limit: number
  readonly signal?: AbortSignal | undefined
  /**
   * Gets the selected letters as they are read, instead of the result: a deep box takes a while, and all of its
   * letters much memory.
   */
  onLetters?(some: readonly DeadLetter[]): void
}

/** Reads a box and leaves every letter in it, even when the signal interrupts. */
export async function lookAt(
  box: LetterBox,
  selection: Selection,
  reasonOf: ReasonOf,
  { limit, signal, onLetters }: LookBounds,
): Promise<Look> {
  const depth = await box.depth()
  if (depth === 0) return { letters: [], depth, more: false }
  const taken: Pick<TakenLetter, 'release'>[] = []
  const letters: DeadLetter[] = []
  const look = async (some: readonly TakenLetter[]) => {
    const known = await Promise.all(some.map((letter) => withReason(letter, reasonOf)))
    const selected = known.filter((letter) => isSelected(letter, selection))
    if (!onLetters) letters.push(...selected)
    else if (selected.length > 0) onLetters(selected)
  }
  try {
    let some: TakenLetter[] = []
    for await (const letter of box.take(limit, signal, depth)) {
      const { release } = letter
      taken.push({ release })
      some.push(letter)
      if (some.length < concurrency) continue
      await look(some)
      some = []
    }
    await look(some)
    return { letters, depth, more: taken.length >= limit || signal?.aborted === true }
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
  /**
   * Told of a letter that can't be sent; it stays, and the others go on. Without it, the first one ends the repair.
   */
  onStuck?(letter: DeadLetter, error: EcosError): void
}

/** Letters in a row that can't be sent, after which the rest is left alone: it is not the letters' fault. */
const maxStuckInRow = 10

/**
 * Acts on every selected letter, then removes it: an interruption leaves a letter in its old place, in
 * its new one, or in both; handlers and senders drop the duplicate by its id. Other letters stay.
 *
 * @returns how many letters were acted on
 * @throws EcosError `letter-stuck`, which names the letter; with `onStuck`, after several in a row
 */
export async function repair(
  box: LetterBox,
  selection: Selection,
  reasonOf: ReasonOf,
  { act, perSecond, signal, onProgress, onStuck }: Repair,
): Promise<number> {
  if ((await box.depth()) === 0) return 0
  const kept: TakenLetter[] = []
  const startedAt = new Date()
  let done = 0
  let seen = 0
  let stuckInRow = 0
  try {
    for await (const letter of box.take(Number.POSITIVE_INFINITY, signal)) {
      kept.push(letter)
      seen += 1
      // A letter that arrived since the start was sent back and has failed again.
      const isOld = letter.sentAt < startedAt
      if (isOld && isSelected(await withReason(letter, reasonOf), selection)) {
        const problem = await act(letter).then(
          () => undefined,
          (cause: unknown) => stuck(letter, cause),
        )
        if (problem === undefined) {
          await letter.remove()
          kept.pop()
          done += 1
        }
        stuckInRow = problem === undefined ? 0 : stuckInRow + 1
        if (problem) onStuck?.(letter, problem)
        if (problem && (!onStuck || stuckInRow >= maxStuckInRow)) throw problem
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
async function releaseAll(letters: readonly Pick<TakenLetter, 'release'>[]): Promise<void> {
  for (const chunk of chunks(letters, concurrency)) {
    await Promise.allSettled(chunk.map((letter) => letter.release()))
  }
}
