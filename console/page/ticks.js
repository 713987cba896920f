import { valueText } from './trends-changed.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/history.ts').Chart['unit']} Unit */

const [second, minute, hour, day] = [1, 60, 3_600, 86_400]

/** Distances between ticks that are whole in the unit of time in which they are told. */
const inSeconds = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 5, 10, 20, 50, 100].map((count) => count * day),
]
const inMilliseconds = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...inSeconds.map((seconds) => seconds * 1_000),
]

/**
 * Distances between the ticks of an axis: those that are usual for numbers are odd for durations.
 *
 * @param {Unit} unit
 * @returns {number[] | undefined} the usual ones
 */
export function distancesOf(unit) {
  if (unit === 'count') return undefined
  return unit === 'seconds' ? inSeconds : inMilliseconds
}

/**
 * @param {number} value
 * @param {Unit} unit
 * @param {Words} words
 */
export function tickText(value, unit, words) {
  return value === 0 ? words.number(0) : valueText(value, unit, words)
}
