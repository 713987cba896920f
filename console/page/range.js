/** The ranges of time that a page can show, in hours. */
export const ranges = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 }

const firstRange = '24h'

/** Views that begin with another range: that of the figures above the charts, so that one reading serves both. */
const firstRanges = /** @type {Readonly<Record<string, string>>} */ ({ trends: '1h' })

/**
 * The name of the range of a page's address, which anybody may have typed.
 *
 * @param {Readonly<Record<string, string>>} query
 * @param {string} view
 */
export function rangeName({ range = '' }, view) {
  const isKnown = range === 'own' || Object.hasOwn(ranges, range)
  return isKnown ? range : (firstRanges[view] ?? firstRange)
}

/**
 * The time range of a page's address.
 *
 * @param {Readonly<Record<string, string>>} query `range`, or `from` and `to`: ISO 8601, or as a browser's field writes them
 * @param {number} now epoch milliseconds
 * @returns {{ from?: string, to?: string }} ISO 8601, in UTC
 */
export function rangeOf({ range, from, to }, now) {
  if (range === 'own') return { ...timeOf('from', from), ...timeOf('to', to) }
  const hours = Object.entries(ranges).find(([name]) => name === range)?.[1] ?? ranges[firstRange]
  return { from: new Date(now - hours * 3_600_000).toISOString() }
}

/**
 * @param {'from' | 'to'} name
 * @param {string | undefined} text in the reader's zone
 */
function timeOf(name, text) {
  const time = new Date(text ?? '')
  return Number.isNaN(time.getTime()) ? {} : { [name]: time.toISOString() }
}

/**
 * A time as a browser's field has it: in the reader's zone, to the minute.
 *
 * @param {string | undefined} time ISO 8601
 */
export function fieldOf(time) {
  const at = new Date(time ?? '')
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return Number.isNaN(local.getTime()) ? '' : local.toISOString().slice(0, 16)
}
