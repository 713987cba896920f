import { causeOf } from '../../lib/operations/cause.ts'
import type { DeadLetter } from '../../lib/operations/dead-letter.ts'
import { lookAt } from '../../lib/operations/dead-letters.ts'
import { type Fault, faultOf } from './fault.ts'
import { knownReasons } from './known-reasons.ts'
import type { Letters } from './ports.ts'

/** Letters read from each queue, at most. */
const limit = 200

/** Milliseconds for reading all queues: a slow one is listed in part. */
const readFor = 10_000

/** Characters of a body that are sent to the page, at most, and of all bodies together. */
const maxBody = 20_000
const maxBodies = 50_000_000

export interface ListedLetter extends Omit<DeadLetter, 'sentAt'> {
  readonly sentAt: string
  /** The reason without ids and values: letters of a group share it. */
  readonly cause?: string
  /** Only the beginning of the body is here. */
  readonly isCut?: true
}

export interface Listing {
  /** The newest first. */
  readonly letters: readonly ListedLetter[]
  /** Whether queues hold letters that were not read. */
  readonly more: boolean
  /** Queues and reasons that could not be read, one line each. The rest is shown. */
  readonly problems: readonly Fault[]
}

export interface About {
  readonly id?: string | undefined
  readonly tenant?: string | undefined
}

/**
 * Lists letters of the dead-letter queues and the quarantine.
 *
 * @param about the event, the notification or the message, and its tenant. A letter without a tenant may be anyone's
 */
export async function listLetters(
  { boxes, reasonOf, problems }: Letters,
  { id, tenant }: About = {},
): Promise<Listing> {
  const selection = id === undefined ? {} : { id }
  const { reasonIfKnown, faults } = knownReasons(reasonOf)
  const signal = AbortSignal.timeout(readFor)
  const looks = await Promise.allSettled(
    boxes.map((box) => lookAt(box, selection, reasonIfKnown, { limit, signal })),
  )
  const seen = looks.flatMap((look) => (look.status === 'fulfilled' ? look.value : []))
  const failed = looks.flatMap((look, index) =>
    look.status === 'rejected' ? [faultOf(boxes[index]?.name ?? '', look.reason)] : [],
  )
  const letters = seen
    .flatMap((look) => look.letters)
    .filter((letter) => (letter.tenant ?? tenant) === (tenant ?? letter.tenant))
    .sort((a, b) => b.sentAt.getTime() - a.sentAt.getTime())
  const length = Math.min(maxBody, Math.floor(maxBodies / letters.length))
  return {
    letters: letters.map((letter) => listed(letter, length)),
    more: seen.some(({ more }) => more),
    problems: [...problems, ...failed, ...faults()],
  }
}

/** @param length characters of the body that are kept */
export function listed(letter: DeadLetter, length: number): ListedLetter {
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
    ...(reason !== undefined && { reason, cause: causeOf(reason) }),
    body: body.slice(0, length),
    ...(body.length > length && { isCut: true }),
  }
}
