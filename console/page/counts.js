/** @typedef {import('../server/minutes.ts').Minute} Minute */

/**
 * The number of a tenant, or of all. A tenant may be called `constructor`.
 *
 * @param {Readonly<Record<string, number>>} counts by tenant; one that is missing has none
 * @param {string} tenant empty for all
 */
export function countOf(counts, tenant) {
  if (tenant !== '') return Object.hasOwn(counts, tenant) ? (counts[tenant] ?? 0) : 0
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/**
 * The number of a minute.
 *
 * @param {Minute} minute
 * @param {'events' | 'failed'} kind
 * @param {string} tenant empty for all, with those that the server left out
 */
export function countIn(minute, kind, tenant) {
  const others = tenant === '' ? (minute.others?.[kind] ?? 0) : 0
  return countOf(minute[kind], tenant) + others
}
