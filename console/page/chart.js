import { ChartCanvas } from './chart-canvas.js'
import { html } from './dom.js'
import { sourceName, valueText } from './trends-changed.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/history.ts').History} History */
/** @typedef {import('../server/history.ts').Chart} ChartOf */
/** @typedef {import('../server/history.ts').Series} Series */
/** @typedef {import('./chart-canvas.js').Sign} Sign */

/** Lines that are drawn, the largest first. */
const maxLines = 8

/**
 * A chart with its legend, which has the numbers for readers who see no chart. All charts of the page show the
 * same moment while the pointer is over one.
 *
 * @param {{ chart: ChartOf, history: History, by?: string, signs: readonly Sign[], moment: number | undefined,
 *   onMoment: (index: number | undefined) => void, onRange: (from: Date, to: Date) => void, words: Words }} props
 */
export function Chart({ chart, history, by, signs, moment, onMoment, onRange, words }) {
  const { text, fill } = words
  const { trend } = text
  const { name, unit, whole } = chart
  const lines = linesOf(chart)
  const shown = (/** @type {Omit<Series, 'name'>} */ { values, now }) =>
    valueText(moment === undefined ? now : (values[moment] ?? null), unit, words)
  const label = fill(trend.said, {
    chart: trend.charts[name],
    now: valueText(whole.now, unit, words),
    before: valueText(whole.before, unit, words),
  })
  const isKnown = whole.now !== null
  const hidden = chart.series.length - lines.length
  return html`<section class="chart" aria-label=${[trend.charts[name], by].filter(Boolean).join(' ')}>
    <h3>${trend.charts[name]} <span class="dim">${by ?? trend.of[name]}</span>
      <strong>${shown(whole)}</strong></h3>
    ${
      isKnown
        ? html`<${ChartCanvas} ...${{ chart, lines, history, signs, label, onMoment, onRange, words }} />`
        : html`<p class="blank">—</p>`
    }
    <ul class="lines">
      ${lines.map(
        (line, at) => html`<li><i class=${`line-${at}`} data-line></i>
          <span>${line.name === '' ? trend.whole : sourceName(line.name, words)}</span> <b>${shown(line)}</b></li>`,
      )}
      ${hidden > 0 && html`<li class="dim">${fill(trend.moreLines, { count: hidden })}</li>`}
    </ul>
  </section>`
}

/**
 * The lines that are drawn: all together, where none has anything but zeros.
 *
 * @param {ChartOf} chart
 * @returns {readonly Series[]}
 */
function linesOf({ series, whole }) {
  return series.length > 0 ? series.slice(0, maxLines) : [{ name: '', ...whole }]
}
