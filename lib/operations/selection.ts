import type { DeadLetter } from './dead-letter.ts'

/** Which letters are meant. An omitted field matches every letter. */
export interface Selection {
  readonly tenant?: string
  readonly type?: string
  /** A part of the reason. */
  readonly reason?: string
  /** The id of the event, of the notification, or of the message in its queue. */
  readonly id?: string
  /** The ids that the messages have in their queue. */
  readonly messageIds?: ReadonlySet<string>
  readonly from?: Date
  readonly to?: Date
}

export function isSelected(letter: DeadLetter, selection: Selection): boolean {
  const { tenant, type, reason, id, messageIds, from, to } = selection
  const ids = [letter.eventId, letter.notificationId, letter.messageId]
  return (
    (tenant === undefined || letter.tenant === tenant) &&
    (type === undefined || letter.type === type) &&
    (reason === undefined || (letter.reason ?? '').includes(reason)) &&
    (id === undefined || ids.includes(id)) &&
    (messageIds === undefined || messageIds.has(letter.messageId)) &&
    (from === undefined || letter.sentAt >= from) &&
    (to === undefined || letter.sentAt < to)
  )
}

/** Whether the selection matches every letter. */
export function selectsAll(selection: Selection): boolean {
  const { tenant, type, reason, id, messageIds, from, to } = selection
  return [tenant, type, reason, id, messageIds, from, to].every((field) => field === undefined)
}

export interface Group {
  readonly tenant: string
  readonly type: string
  readonly reason: string
  readonly count: number
  readonly oldest: Date
}

/** Groups letters, the largest group first. */
export function groupLetters(letters: readonly DeadLetter[]): Group[] {
  const unknown = 'unknown'
  const groups = Map.groupBy(letters, ({ tenant, type, reason }) =>
    JSON.stringify([tenant ?? unknown, type ?? unknown, reason ?? unknown]),
  )
  return [...groups]
    .map(([key, members]): Group => {
      const [tenant, type, reason] = JSON.parse(key)
      const oldest = new Date(Math.min(...members.map(({ sentAt }) => sentAt.getTime())))
      return { tenant, type, reason, count: members.length, oldest }
    })
    .sort((a, b) => b.count - a.count)
}
