import { z } from 'zod'
import { messageOf } from '../../lib/errors.ts'
import { repair } from '../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import type { Letters } from './ports.ts'

/** Messages a second that are sent back. */
const perSecond = 50

/** Which letters to send back: messages of queues, by their ids there. */
export const chosenLetters = z.object({
  letters: z
    .array(z.object({ queue: z.string().min(1), messageId: z.string().min(1) }))
    .min(1)
    .max(10_000),
})

/** How far one queue's letters have come. */
export interface Redriven {
  readonly queue: string
  readonly wanted: number
  readonly done: number
  /** Why it went no further. What was not done rests where it was. */
  readonly problem?: string
}

/**
 * Sends letters back to where they came from, queue by queue: each is sent first and removed then, so
 * that an end at any point loses none. A queue whose letter can't be sent is left at that, since the
 * next would fare no better; the other queues go on.
 *
 * @param onProgress of all queues, after each letter
 * @returns fewer `done` than `wanted` without a problem: the others are gone, or somebody looks at them
 */
export async function redrive(
  letters: Letters,
  chosen: z.infer<typeof chosenLetters>,
  signal: AbortSignal,
  onProgress: (all: readonly Redriven[]) => void,
): Promise<readonly Redriven[]> {
  const byQueue = Map.groupBy(chosen.letters, ({ queue }) => queue)
  const all = [...byQueue].map(([queue, { length }]): Redriven => {
    return { queue, wanted: length, done: 0 }
  })
  for (const [index, { queue }] of all.entries()) {
    const box = letters.boxes.find(({ name }) => name === queue)
    if (!box || signal.aborted) continue
    const ids = new Set(byQueue.get(queue)?.map(({ messageId }) => messageId))
    const update = (change: Partial<Redriven>) => {
      all[index] = { queue, wanted: ids.size, done: 0, ...all[index], ...change }
      onProgress(all)
    }
    try {
      await redriveBox(box, ids, signal, (done) => update({ done }))
    } catch (error) {
      update({ problem: messageOf(error) })
    }
  }
  return all
}

/** Looks at no more of the queue than it has to. */
async function redriveBox(
  box: LetterBox,
  messageIds: ReadonlySet<string>,
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<void> {
  const enough = new AbortController()
  let last = 0
  // They were chosen by their ids: no reason has to be asked for.
  await repair(box, { messageIds }, async () => undefined, {
    act: (letter) => letter.sendBack(),
    perSecond,
    signal: AbortSignal.any([signal, enough.signal]),
    onProgress(done) {
      if (done === last) return
      last = done
      onDone(done)
      if (done === messageIds.size) enough.abort()
    },
  })
}
