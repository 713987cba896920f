import { z } from 'zod'
import type { DeadLetter } from '../../lib/operations/dead-letter.ts'
import { lookAt, repair } from '../../lib/operations/dead-letters.ts'
import type { Letters } from './ports.ts'

/** Messages of a queue that are looked at. */
const mostOfAQueue = 200

/** Characters of a message that are shown. */
const longestBody = 20_000

/** Messages a second that are sent back. */
const perSecond = 50

export interface ListedLetter extends Omit<DeadLetter, 'sentAt'> {
  readonly sentAt: string
}

/** What rests in the dead-letter queues and the quarantine, the latest first. */
export async function listLetters(
  { boxes, reasonOf }: Letters,
  id?: string,
): Promise<{ letters: ListedLetter[]; more: boolean }> {
  const selection = id === undefined ? {} : { id }
  const looks = await Promise.all(
    boxes.map(async (box) =>
      (await box.depth()) > 0
        ? lookAt(box, selection, reasonOf, mostOfAQueue)
        : { letters: [], more: false },
    ),
  )
  const letters = looks
    .flatMap((look) => look.letters)
    .sort((one, other) => other.sentAt.getTime() - one.sentAt.getTime())
  return { letters: letters.map(listed), more: looks.some(({ more }) => more) }
}

function listed(letter: DeadLetter): ListedLetter {
  const { queue, kind, messageId, sentAt, tenant, type, eventId, notificationId, reason, body } =
    letter
  return {
    queue,
    kind,
    messageId,
    sentAt: sentAt.toISOString(),
    ...(tenant !== undefined && { tenant }),
    ...(type !== undefined && { type }),
    ...(eventId !== undefined && { eventId }),
    ...(notificationId !== undefined && { notificationId }),
    ...(reason !== undefined && { reason }),
    body: body.slice(0, longestBody),
  }
}

/** Which letters to send back: messages of queues, by their ids there. */
export const chosenLetters = z.object({
  letters: z
    .array(z.object({ queue: z.string().min(1), messageId: z.string().min(1) }))
    .min(1)
    .max(mostOfAQueue * 50),
})

/** @returns how many were sent back to where they came from; others have gone meanwhile */
export async function sendBack(
  { boxes, reasonOf }: Letters,
  { letters }: z.infer<typeof chosenLetters>,
): Promise<number> {
  const { signal } = new AbortController()
  let done = 0
  for (const [queue, chosen] of Map.groupBy(letters, (letter) => letter.queue)) {
    const box = boxes.find(({ name }) => name === queue)
    if (!box) continue
    const ids = chosen.map(({ messageId }) => messageId)
    done += await repair(box, { messageIds: new Set(ids) }, reasonOf, {
      act: (letter) => letter.sendBack(),
      perSecond,
      signal,
      onProgress: () => undefined,
    })
  }
  return done
}
