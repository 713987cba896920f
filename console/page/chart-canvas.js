import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { html } from './dom.js'
import { distancesOf, tickText } from './ticks.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/history.ts').History} History */
/** @typedef {import('../server/history.ts').Chart} ChartOf */
/** @typedef {import('../server/history.ts').Series} Series */
/** @typedef {{ at: string, sign: string }} Sign what is marked at a time, by its number in the list */

const height = 160

/**
 * The lines of a chart, drawn by uPlot, with the signs of what was done.
 *
 * @param {{ chart: ChartOf, lines: readonly Series[], history: History, signs: readonly Sign[], label: string,
 *   onMoment: (index: number | undefined) => void, onRange: (from: Date, to: Date) => void, words: Words }} props
 */
export function ChartCanvas({ chart, lines, history, signs, label, onMoment, onRange, words }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const scheme = useScheme()
  useEffect(() => {
    const { current: element } = box
    if (!element) return
    const options = optionsOf(element, { chart, lines, history, signs, words })
    const plot = new uPlot(
      {
        ...options,
        hooks: {
          draw: [(drawn) => drawSigns(drawn, signs, getComputedStyle(element).color)],
          setCursor: [({ cursor }) => onMoment(cursor.idx ?? undefined)],
          setSelect: [
            (drawn) => {
              const { left, width } = drawn.select
              if (width < 8) return
              const time = (/** @type {number} */ x) => new Date(drawn.posToVal(x, 'x') * 1000)
              onRange(time(left), time(left + width))
            },
          ],
        },
      },
      dataOf(lines, history),
      element,
    )
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
    resize.observe(element)
    return () => {
      resize.disconnect()
      plot.destroy()
    }
  }, [history, signs, scheme, words])
  return html`<div class="canvas" ref=${box} role="img" aria-label=${label}></div>`
}

/** Changes with the colour scheme: a canvas does not change by itself. */
function useScheme() {
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches)
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const changed = () => setDark(dark.matches)
    dark.addEventListener('change', changed)
    return () => dark.removeEventListener('change', changed)
  }, [])
  return isDark
}

/**
 * @param {readonly Series[]} lines
 * @param {History} history
 * @returns {uPlot.AlignedData}
 */
function dataOf(lines, { from, period }) {
  const first = Date.parse(from) / 1000
  const times = (lines[0]?.values ?? []).map((_, index) => first + index * period)
  return [times, ...lines.map(({ values }) => [...values])]
}

/**
 * @param {HTMLElement} element
 * @param {{ chart: ChartOf, lines: readonly Series[], history: History, signs: readonly Sign[], words: Words }} of
 * @returns {uPlot.Options}
 */
function optionsOf(element, { chart, lines, history, words }) {
  const style = getComputedStyle(element)
  const swatches = element.parentElement?.querySelectorAll('[data-line]') ?? []
  const colors = [...swatches].map((swatch) => getComputedStyle(swatch).backgroundColor)
  const axis = {
    stroke: style.color,
    font: `11px ${style.fontFamily}`,
    grid: { stroke: style.borderTopColor, width: 1 },
    ticks: { show: false },
  }
  const tick = tickOf(history, words)
  const distances = distancesOf(chart.unit)
  const [least, most] = [Date.parse(history.from) / 1000, Date.parse(history.to) / 1000]
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: {
      sync: { key: 'trends' },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
    },
    scales: {
      x: { range: [least, most] },
      y: { range: (_, __, max) => [0, Math.max(max ?? 0, 1) * 1.1] },
    },
    axes: [
      { ...axis, size: 24, gap: 2, space: 70, values: (_, times) => times.map(tick) },
      {
        ...axis,
        size: 56,
        gap: 2,
        space: 32,
        values: (_, values) => values.map((value) => tickText(value, chart.unit, words)),
        ...(distances && { incrs: distances }),
      },
    ],
    series: [
      {},
      ...lines.map((_, at) => ({
        width: 1.5,
        spanGaps: false,
        stroke: colors[at] ?? style.color,
      })),
    ],
  }
}

const dayInSeconds = 86_400

/**
 * @param {History} history
 * @param {Words} words
 * @returns {(seconds: number) => string}
 */
function tickOf({ from, to }, { language }) {
  // The reader's own English: 4 PM or 16:00.
  const locale = navigator.languages.find((name) => name.startsWith(language)) ?? language
  const isLong = (Date.parse(to) - Date.parse(from)) / 1000 > 2 * dayInSeconds
  const format = new Intl.DateTimeFormat(
    locale,
    isLong ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' },
  )
  return (seconds) => format.format(seconds * 1000)
}

/**
 * A line at each time that is marked, with the number that it has in the list.
 *
 * @param {uPlot} plot
 * @param {readonly Sign[]} signs
 * @param {string} color
 */
function drawSigns({ ctx, bbox, valToPos, scales }, signs, color) {
  const ratio = devicePixelRatio
  ctx.save()
  Object.assign(ctx, { strokeStyle: color, fillStyle: color, lineWidth: ratio })
  Object.assign(ctx, {
    font: `${10 * ratio}px sans-serif`,
    textAlign: 'center',
    textBaseline: 'top',
  })
  ctx.setLineDash([3 * ratio, 3 * ratio])
  // A number that would cover another one stands below it, beside the lines.
  let last = Number.NEGATIVE_INFINITY
  let row = 0
  for (const { at, sign } of signs) {
    const time = Date.parse(at) / 1000
    const { min = 0, max = 0 } = scales['x'] ?? {}
    if (time < Number(min) || time > Number(max)) continue
    const x = valToPos(time, 'x', true)
    ctx.beginPath()
    ctx.moveTo(x, bbox.top + 12 * ratio)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    row = Math.abs(x - last) < 12 * ratio ? row + 1 : 0
    last = x
    ctx.fillText(sign, row === 0 ? x : x + 5 * ratio, bbox.top + row * 11 * ratio)
  }
  ctx.restore()
}
