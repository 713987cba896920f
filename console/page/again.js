import { addressOf } from './place.js'

/** @typedef {import('../server/ways.ts').Way} Way */
/** @typedef {import('./texts.js').Words} Words */
/** @typedef {{ count: number, isMore: boolean, since: string, isOfAll: boolean }} Again */

/**
 * What waits for another try: of the tenant, or of all (`isOfAll`) where its own is not known, since a page gets the
 * tenants that have waited longest.
 *
 * @param {readonly Way[]} ways
 * @param {string} tenant empty for all
 * @returns {Again | undefined}
 */
export function againOf(ways, tenant) {
  const all = ways.flatMap(({ again }) => again ?? [])
  const mine = all.flatMap(({ worst }) => worst.filter((one) => one.tenant === tenant))
  const isWhole = all.every(({ tenants, worst }) => worst.length === tenants)
  const isOfAll = tenant !== '' && mine.length === 0 && !isWhole
  const counted = tenant === '' || isOfAll ? all : mine
  const since = counted.map((one) => one.since).sort()[0]
  if (since === undefined) return undefined
  const count = counted.reduce((sum, one) => sum + one.count, 0)
  return { count, isMore: counted.some(({ isMore }) => isMore), since, isOfAll }
}

/**
 * A count that may be more.
 *
 * @param {{ count: number, isMore?: boolean | undefined }} counted
 * @param {Words} words
 */
export function leastOf({ count, isMore = false }, { number }) {
  return `${number(count)}${isMore ? '+' : ''}`
}

/**
 * What waits for another try, however long ago it was created: it may have been held, or sent again.
 *
 * @param {string} channel empty for all
 * @param {string} tenant
 */
export function retriedAddress(channel, tenant) {
  return addressOf('search', '', { tenant, channel, state: 'RETRIED', range: '30d' })
}
