import { causeOf } from '../../lib/operations/cause.ts'
import type { DeadLetter } from '../../lib/operations/dead-letter.ts'

/** Characters of a body that are kept in memory. */
const maxBody = 20_000

/** A letter as it was read; its body may be cut. */
export interface ShelvedLetter extends DeadLetter {
  /** The reason without ids and values: letters of a group share it. */
  readonly cause: string
  readonly isCut?: true
}

/** What stands in the place of a cause, a tenant or a type that a letter does not have. */
export const unknown = 'unknown'

/**
 * The letter as it is kept.
 *
 * @param room characters that may still be kept
 */
export function shelved(letter: DeadLetter, room: number): ShelvedLetter {
  const { queue, kind, messageId, sentAt, eventId, notificationId, reason } = letter
  const [tenant, type] = [nameIn(letter.tenant), nameIn(letter.type)]
  const body = beginningOf(letter.body, Math.min(maxBody, room))
  // A letter that was taken has functions too, which hold the whole message.
  return {
    ...{ queue, kind, messageId, sentAt, body },
    ...(tenant !== undefined && { tenant }),
    ...(type !== undefined && { type }),
    ...(eventId !== undefined && { eventId }),
    ...(notificationId !== undefined && { notificationId }),
    ...(reason !== undefined && { reason }),
    cause: causeOf(reason ?? '') || unknown,
    ...(body.length < letter.body.length && { isCut: true }),
  }
}

/** A copy: a slice would keep the whole text in memory. */
function beginningOf(text: string, length: number): string {
  if (text.length <= length) return text
  return Buffer.from(text.slice(0, length), 'utf16le').toString('utf16le')
}

/** Characters of a tenant or a type, at most: a letter may have anything there. */
const maxName = 200

/** A name as a filter and an address can have it; none if it is empty. */
function nameIn(text = ''): string | undefined {
  return text.toWellFormed().trim().slice(0, maxName).trim() || undefined
}
