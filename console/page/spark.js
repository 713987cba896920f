import { html } from './dom.js'

/** @typedef {import('../server/history.ts').Value} Value */

const height = 20

/**
 * A small line without axes; it has a gap where a value is not known. The number beside it says the rest.
 *
 * @param {{ values: readonly Value[] }} props
 */
export function Spark({ values }) {
  const top = Math.max(1, ...values.map((value) => value ?? 0))
  const width = Math.max(1, values.length - 1)
  return html`<svg class="spark" viewBox=${`0 -1 ${width} ${height + 2}`} preserveAspectRatio="none" aria-hidden="true">
    <path d=${pathOf(values, top)} vector-effect="non-scaling-stroke" />
  </svg>`
}

/**
 * @param {readonly Value[]} values
 * @param {number} top the largest
 */
export function pathOf(values, top) {
  const parts = values.map((value, x) => {
    if (value === null) return ''
    const isFirst = x === 0 || values[x - 1] === null
    const isAlone = isFirst && (values[x + 1] ?? null) === null
    const y = height - (height * value) / top
    // A line of no length shows as a dot.
    return `${isFirst ? 'M' : 'L'}${x} ${round(y)}${isAlone ? 'h0.01' : ''}`
  })
  return parts.join('')
}

const round = (/** @type {number} */ value) => Math.round(value * 10) / 10
