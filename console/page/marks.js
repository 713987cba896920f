import { failure, html, Time } from './dom.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/marks.ts').Marks} Marks */
/** @typedef {import('../server/marks.ts').Mark} Mark */

/**
 * Deployments, repairs and changes in the range, the latest first, each with its number in the charts.
 *
 * @param {{ marks: import('./server.js').Asked<Marks>, words: Words }} props
 */
export function MarkList({ marks, words }) {
  const { text, fault } = words
  const { trend } = text
  const heading = html`<h2>${words.inZone(trend.marks)}</h2>`
  if (marks.state === 'failed')
    return html`${heading}<p class="fault" role="alert" title=${marks.message}>${failure(marks, words)}</p>`
  if (marks.state === 'asked') return html`${heading}<p class="dim">${trend.marksRead}</p>`
  const { problems } = marks.value
  const signs = signsOf(marks.value)
  return html`${heading}
    ${problems.map((problem) => html`<p class="fault" title=${problem.text}>${fault(problem)}</p>`)}
    ${signs.length === 0 && problems.length === 0 && html`<p class="dim">${trend.noMarks}</p>`}
    <ol class="marks">
      ${signs.map(
        ({ sign, mark }) => html`<li key=${`${mark.at} ${mark.kind}`}>
          <b class="sign">${sign}</b> <${Time} at=${mark.at} words=${words} />
          <span>${markText(mark, words)}</span>
        </li>`,
      )}
    </ol>`
}

/**
 * The marks with their numbers, by which a chart and the list name them.
 *
 * @param {Marks} marks
 */
export function signsOf({ marks }) {
  return marks.map((mark, index) => ({ at: mark.at, sign: String(marks.length - index), mark }))
}

/**
 * @param {Mark} mark
 * @param {Words} words
 */
function markText(mark, words) {
  const { trend } = words.text
  switch (mark.kind) {
    case 'deployment': {
      const took = mark.until && words.lasting(Date.parse(mark.until) - Date.parse(mark.at))
      return [trend.deployments[mark.outcome], took].filter(Boolean).join(' · ')
    }
    case 'repair': {
      const { action, outcome, done, operator, tenant, queue, cause } = mark
      const { deeds, deedEnds } = words.text
      const end = [outcome === 'done' ? '' : deedEnds[outcome], done && words.number(done)]
      return [deeds[action], ...end, tenant, queue, cause, operator.user]
        .filter(Boolean)
        .join(' · ')
    }
    case 'tenants':
      return `${trend.tenantsChanged}: ${tenantsText(mark, words)}`
  }
}

/**
 * @param {Extract<Mark, { kind: 'tenants' }>} mark
 * @param {Words} words
 */
function tenantsText(mark, { text: { trend }, fill }) {
  const parts = /** @type {const} */ (['added', 'removed', 'changed']).flatMap((kind) => {
    const { count, names } = mark[kind]
    if (count === 0) return []
    const rest = count - names.length
    const more = rest > 0 ? ` ${fill(trend.moreLines, { count: rest })}` : ''
    return [fill(trend[kind], { names: `${names.join(', ')}${more}` })]
  })
  return parts.join('; ')
}
