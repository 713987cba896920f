import type { Group } from '../../lib/operations/selection.ts'
import { type CauseCount, causesOf } from './causes.ts'
import type { Fault } from './fault.ts'
import type { Shelf } from './shelf.ts'
import type { ShelfFilter } from './shelf-filter.ts'
import type { ShelvedLetter } from './shelved-letter.ts'

/** Letters on a page, and groups that are shown. */
const perPage = 50
const maxGroups = 100

/** A letter in the list: without its body. */
export interface ShelfRow {
  readonly queue: string
  readonly kind: ShelvedLetter['kind']
  readonly messageId: string
  readonly sentAt: string
  readonly tenant?: string | undefined
  readonly type?: string | undefined
  readonly eventId?: string | undefined
  readonly reason?: string | undefined
  readonly cause: string
}

/** A queue to which letters go back. */
export interface Goal {
  readonly queue: string
  readonly kind: ShelvedLetter['kind']
  readonly tenant?: string | undefined
  readonly count: number
}

export interface ShelfView {
  readonly at?: string | undefined
  readonly until?: string | undefined
  readonly isReading: boolean
  readonly read: number
  readonly more: boolean
  readonly problems: readonly Fault[]
  /** Of the tenant and the queue, or of all: the largest first. */
  readonly byCause: readonly CauseCount[]
  /** The same, of the cause that is opened. */
  readonly groups: readonly Group[]
  readonly moreGroups: number
  /** How many letters match the filter, and where they go. */
  readonly matching: number
  readonly goals: readonly Goal[]
  /** Of those that match: the first ones. */
  readonly causes: readonly string[]
  /** To choose from. */
  readonly allTypes: readonly string[]
  readonly allCauses: readonly string[]
  readonly allQueues: readonly string[]
  readonly start: number
  readonly letters: readonly ShelfRow[]
}

/** A page of the letters that the filter selects, and what there is to choose from. */
export function viewOf(
  shelf: Shelf,
  filter: ShelfFilter,
  asked: { readonly start: number; readonly opened: string | undefined },
): ShelfView {
  const letters = shelf.matching(filter)
  const { tenant, queue } = filter
  const all = shelf.groups({ tenant, queue })
  const groups = all.filter(({ cause }) => asked.opened === undefined || cause === asked.opened)
  // Letters that were sent back are gone.
  const start = asked.start < letters.length ? asked.start : 0
  return {
    ...shelf.state(),
    byCause: causesOf(all),
    groups: groups.slice(0, maxGroups),
    moreGroups: Math.max(0, groups.length - maxGroups),
    matching: letters.length,
    goals: goalsOf(letters),
    causes: [...new Set(letters.map(({ cause }) => cause))].slice(0, 5),
    allTypes: distinct(all.map(({ type }) => type)),
    allCauses: distinct(all.map(({ cause }) => cause)),
    allQueues: shelf.queues({ tenant }),
    start,
    letters: letters.slice(start, start + perPage).map(rowOf),
  }
}

/** Choices of one filter, at most. */
const maxChoices = 200

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort().slice(0, maxChoices)
}

export function rowOf(letter: ShelvedLetter): ShelfRow {
  const { queue, kind, messageId, sentAt, tenant, type, eventId, reason, cause } = letter
  const at = sentAt.toISOString()
  return { queue, kind, messageId, sentAt: at, tenant, type, eventId, reason, cause }
}

function goalsOf(letters: readonly ShelvedLetter[]): Goal[] {
  const ofBroker = ({ kind }: ShelvedLetter) => kind === 'quarantined' || kind === 'message'
  const groups = Map.groupBy(letters, (letter) =>
    JSON.stringify([letter.queue, letter.kind, ofBroker(letter) ? letter.tenant : undefined]),
  )
  return [...groups.values()].flatMap(([first, ...others]): Goal[] => {
    if (!first) return []
    const { queue, kind, tenant } = first
    return [{ queue, kind, ...(ofBroker(first) && { tenant }), count: others.length + 1 }]
  })
}
