import type { Group } from '../../lib/operations/selection.ts'

/** The letters of one cause, whosever they are. */
export interface CauseCount {
  readonly cause: string
  readonly count: number
  /** How many tenants have any. */
  readonly tenants: number
  /** Their types, those with the most letters first; the first ones. */
  readonly types: readonly string[]
  readonly moreTypes: number
  readonly newest: Date
}

/** Types of a cause that are named, and causes that are listed. */
const maxTypes = 5
const maxCauses = 100

/** Sums groups up by their cause, the largest first. */
export function causesOf(groups: readonly Group[]): CauseCount[] {
  return [...Map.groupBy(groups, ({ cause }) => cause)]
    .map(([cause, members]): CauseCount => {
      const types = [...new Set(members.map(({ type }) => type))]
      return {
        cause,
        count: members.reduce((sum, { count }) => sum + count, 0),
        tenants: new Set(members.map(({ tenant }) => tenant)).size,
        types: types.slice(0, maxTypes),
        moreTypes: Math.max(0, types.length - maxTypes),
        newest: new Date(Math.max(...members.map(({ newest }) => newest.getTime()))),
      }
    })
    .sort((one, other) => other.count - one.count)
    .slice(0, maxCauses)
}
