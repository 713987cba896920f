import { causeOf } from './cause.ts'
import type { DeadLetter } from './dead-letter.ts'
import { isIdOf } from './short-id.ts'

/** Which letters are meant. An omitted field matches every letter. */
export interface Selection {
  readonly tenant?: string
  readonly type?: string
  /** A part of the reason. */
  readonly reason?: string
  /** The id of the event, the notification or the message; its first characters do, if there are 6. */
  readonly id?: string
  /** The ids that the messages have in their queue. */
  readonly messageIds?: ReadonlySet<string>
  readonly from?: Date
  readonly to?: Date
}

export function isSelected(letter: DeadLetter, selection: Selection): boolean {
  const { tenant, type, reason, id, messageIds, from, to } = selection
  return (
    (tenant === undefined || letter.tenant === tenant) &&
    (type === undefined || letter.type === type) &&
    (reason === undefined || (letter.reason ?? '').includes(reason)) &&
    (id === undefined || idMatched(letter, id) !== undefined) &&
    (messageIds === undefined || messageIds.has(letter.messageId)) &&
    (from === undefined || letter.sentAt >= from) &&
    (to === undefined || letter.sentAt < to)
  )
}

/** @returns the full id of the letter that the given one, whole or short, stands for */
export function idMatched(letter: DeadLetter, id: string): string | undefined {
  const ids = [letter.eventId, letter.notificationId, letter.messageId]
  return ids.find((full) => full !== undefined && isIdOf(full, id))
}

/** Whether the selection matches every letter. */
export function selectsAll(selection: Selection): boolean {
  const { tenant, type, reason, id, messageIds, from, to } = selection
  return [tenant, type, reason, id, messageIds, from, to].every((field) => field === undefined)
}

/** Letters of one cause, tenant and event type. */
export interface Group {
  readonly cause: string
  readonly tenant: string
  readonly type: string
  readonly count: number
  readonly oldest: Date
  readonly newest: Date
  /** The full reason and the id of the newest letter, as an example. */
  readonly reason: string
  readonly id: string
}

/**
 * Groups letters by their cause, the largest group first. Ids and values do not tell groups apart.
 *
 * @param letters with their causes, if those are known
 */
export function groupLetters(
  letters: readonly (DeadLetter & { readonly cause?: string })[],
): Group[] {
  const groups = Map.groupBy(letters, ({ tenant, type, reason, cause }) =>
    JSON.stringify([
      tenant ?? unknown,
      type ?? unknown,
      (cause ?? causeOf(reason ?? '')) || unknown,
    ]),
  )
  return [...groups]
    .map(([key, members]): Group => {
      const [tenant, type, cause] = JSON.parse(key)
      const [newest, ...others] = members.toSorted((a, b) => +b.sentAt - +a.sentAt)
      const { sentAt, reason = unknown, eventId, notificationId, messageId } = newest as DeadLetter
      const id = notificationId ?? eventId ?? messageId
      const oldest = others.at(-1)?.sentAt ?? sentAt
      return { cause, tenant, type, count: members.length, oldest, newest: sentAt, reason, id }
    })
    .sort((a, b) => b.count - a.count)
}

/** Cuts the groups of all lists together to the limit: the largest stay, and each list counts those that go. */
export function limitGroups<List extends { readonly groups: readonly Group[] }>(
  lists: readonly List[],
  limit: number,
): (List & { readonly moreGroups: number })[] {
  const largest = lists.flatMap(({ groups }) => groups).toSorted((a, b) => b.count - a.count)
  const shown = new Set(largest.slice(0, limit))
  return lists.map((list) => {
    const groups = list.groups.filter((group) => shown.has(group))
    return { ...list, groups, moreGroups: list.groups.length - groups.length }
  })
}

const unknown = 'unknown'
