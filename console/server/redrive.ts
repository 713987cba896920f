import * as z from 'zod'
import { messageOf } from '../../lib/errors.ts'
import { repair } from '../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import type { Letters } from './ports.ts'

/** Letters sent back per second. */
const perSecond = 50

/** The letters to send back: messages of queues, by their ids there. */
export const chosenLetters = z.object({
  letters: z
    .array(z.object({ queue: z.string().min(1), messageId: z.string().min(1) }))
    .min(1)
    .max(10_000),
})

/** The progress of one queue's letters. */
export interface Redriven {
  readonly queue: string
  readonly wanted: number
  readonly done: number
  /** Why the queue's redrive stopped. The other letters are still there. */
  readonly problem?: string
}

/**
 * Sends letters back to where they came from, queue by queue. Each is sent first and then removed, so
 * an interruption loses none. A letter that can't be sent stops its queue; the other queues go on.
 *
 * @param onProgress called with all queues, after each letter
 * @returns `done` below `wanted` without a problem means that letters are gone or hidden by a reader
 */
export async function redrive(
  { boxes }: Letters,
  chosen: z.infer<typeof chosenLetters>,
  signal: AbortSignal,
  onProgress: (queues: readonly Redriven[]) => void,
): Promise<readonly Redriven[]> {
  const byQueue = Map.groupBy(chosen.letters, ({ queue }) => queue)
  const queues = [...byQueue].map(([queue, { length }]): Redriven => {
    return { queue, wanted: length, done: 0 }
  })
  for (const [index, { queue }] of queues.entries()) {
    const box = boxes.find(({ name }) => name === queue)
    if (!box || signal.aborted) continue
    const ids = new Set(byQueue.get(queue)?.map(({ messageId }) => messageId))
    const update = (change: Partial<Redriven>) => {
      queues[index] = { queue, wanted: ids.size, done: 0, ...queues[index], ...change }
      onProgress(queues)
    }
    try {
      await redriveBox(box, ids, signal, (done) => update({ done }))
    } catch (error) {
      update({ problem: messageOf(error) })
    }
  }
  return queues
}

/** Stops reading the queue when the last chosen letter is sent. */
async function redriveBox(
  box: LetterBox,
  messageIds: ReadonlySet<string>,
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<void> {
  const complete = new AbortController()
  let last = 0
  // The selection is by ids: reasons are not needed.
  await repair(box, { messageIds }, async () => undefined, {
    act: (letter) => letter.sendBack(),
    perSecond,
    signal: AbortSignal.any([signal, complete.signal]),
    onProgress(done) {
      if (done === last) return
      last = done
      onDone(done)
      if (done === messageIds.size) complete.abort()
    },
  })
}
