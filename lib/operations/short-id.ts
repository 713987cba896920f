import { EcosError } from '../errors.ts'

/** Characters that a short id has at least. */
export const shortestId = 6

/** Ids that are named where one is ambiguous, at most. */
const maxNamed = 5

/** Whether `id` is the whole id or, if it is long enough, its beginning. */
export function isIdOf(full: string, id: string): boolean {
  return full === id || (id.length >= shortestId && full.startsWith(id))
}

/**
 * The one of the ids that a whole or a short id stands for; undefined if there is none.
 *
 * @throws EcosError `ambiguous-id`, naming some of them
 */
export function theOne(id: string, ids: Iterable<string>): string | undefined {
  const found = [...new Set(ids)].filter((full) => isIdOf(full, id))
  if (found.length < 2 || found.includes(id)) return found.includes(id) ? id : found[0]
  const named = found.slice(0, maxNamed).join(', ')
  throw new EcosError(
    'ambiguous-id',
    `${id} is the start of ${found.length} ids: give one of ${named}`,
  )
}
