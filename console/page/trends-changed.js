import { html, Table } from './dom.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/history.ts').History} History */
/** @typedef {import('../server/history.ts').Chart} ChartOf */
/** @typedef {import('../server/history.ts').Value} Value */

const nothingKnown = '—'

/**
 * Each figure of the range beside the range before, and what most of the difference is made of; without the range
 * before where nothing of it is known.
 *
 * @param {{ history: History, words: Words }} props
 */
export function Changed({ history, words }) {
  const { text } = words
  const { trend } = text
  const hasBefore = isCompared(history)
  const head = [trend.figure, trend.inRange]
  const rows = history.charts.map(({ name, unit, whole, series }) => {
    const cells = [trend.charts[name], valueText(whole.now, unit, words)]
    const compared = () => [
      valueText(whole.before, unit, words),
      changeText(whole, unit, words),
      mostBy(series, unit, words),
    ]
    return { key: name, cells: hasBefore ? [...cells, ...compared()] : cells }
  })
  const ofBefore = [trend.before, trend.change, trend.mostBy]
  return html`${!hasBefore && html`<p class="dim">${trend.nothingBefore}</p>`}
    <${Table} caption=${hasBefore ? trend.compared : trend.totals} head=${hasBefore ? [...head, ...ofBefore] : head} rows=${rows} />`
}

/**
 * Whether anything is known of the time before.
 *
 * @param {Pick<History, 'charts'>} history
 */
export function isCompared({ charts }) {
  return charts.some(({ whole }) => whole.before !== null)
}

/**
 * @param {Value} value
 * @param {ChartOf['unit']} unit
 * @param {Words} words
 */
export function valueText(value, unit, { number, lasting }) {
  if (value === null) return nothingKnown
  if (unit === 'count') return number(value)
  return lasting(unit === 'seconds' ? value * 1000 : value)
}

/**
 * @param {{ now: Value, before: Value }} values
 * @param {ChartOf['unit']} unit
 * @param {Words} words
 */
function changeText({ now, before }, unit, words) {
  if (now === null || before === null) return nothingKnown
  if (now === before) return '='
  const sign = now > before ? '+' : '−'
  const difference = `${sign}${valueText(Math.abs(now - before), unit, words)}`
  return before === 0
    ? difference
    : `${difference} (${sign}${words.percent(Math.abs(now - before) / before)})`
}

/**
 * The line that differs most from the time before.
 *
 * @param {ChartOf['series']} series
 * @param {ChartOf['unit']} unit
 * @param {Words} words
 */
function mostBy(series, unit, words) {
  const differ = series
    .filter(({ now, before }) => now !== null && before !== null && now !== before)
    .sort((a, b) => differenceOf(b) - differenceOf(a))
  const [most] = differ
  return most ? `${sourceName(most.name, words)}: ${changeText(most, unit, words)}` : ''
}

/** @param {{ now: Value, before: Value }} series */
function differenceOf({ now, before }) {
  return Math.abs((now ?? 0) - (before ?? 0))
}

/**
 * @param {string} name a type, a channel, or another source
 * @param {Words} words
 */
export function sourceName(name, { text: { trend } }) {
  // A tenant may have any name.
  return Object.hasOwn(trend.sources, name)
    ? trend.sources[/** @type {keyof typeof trend.sources} */ (name)]
    : name
}
