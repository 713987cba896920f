import { messageOf } from '../../lib/errors.ts'
import type { DeadLetter } from '../../lib/operations/dead-letter.ts'
import { lookAt, type ReasonOf } from '../../lib/operations/dead-letters.ts'
import type { Letters } from './ports.ts'

/** Messages of a queue that are looked at. */
const mostOfAQueue = 200

/** Characters of a message that are shown. */
const longestBody = 20_000

export interface ListedLetter extends Omit<DeadLetter, 'sentAt'> {
  readonly sentAt: string
}

export interface Listing {
  /** The latest first. */
  readonly letters: readonly ListedLetter[]
  /** Whether there may be more. */
  readonly more: boolean
  /** What could not be looked at, each in one line: it keeps nothing else from being shown. */
  readonly problems: readonly string[]
}

/** What rests in the dead-letter queues and the quarantine. */
export async function listLetters(
  { boxes, reasonOf, problems }: Letters,
  id?: string,
): Promise<Listing> {
  const selection = id === undefined ? {} : { id }
  const unknown = new Set<string>()
  // A letter is there also where its reason can't be asked.
  const reasonIfKnown: ReasonOf = (letter) =>
    reasonOf(letter).catch((error) => {
      unknown.add(messageOf(error))
      return undefined
    })
  const looks = await Promise.allSettled(
    boxes.map((box) => lookAt(box, selection, reasonIfKnown, mostOfAQueue)),
  )
  const seen = looks.flatMap((look) => (look.status === 'fulfilled' ? look.value : []))
  const failed = looks.flatMap((look, index) =>
    look.status === 'rejected' ? `${boxes[index]?.name}: ${messageOf(look.reason)}` : [],
  )
  const letters = seen
    .flatMap((look) => look.letters)
    .sort((one, other) => other.sentAt.getTime() - one.sentAt.getTime())
  return {
    letters: letters.map(listed),
    more: seen.some(({ more }) => more),
    problems: [...problems, ...failed, ...unknown],
  }
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
