import { failure, html, Time } from './dom.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/marks.ts').Marks} Marks */
/** @typedef {import('../server/marks.ts').Mark} Mark */

/**
 * Deployments, repairs and changes in the range, the latest first, each with its number in the charts.
 *
 * @param {{ cell: string, marks: import('./server.js').Asked<Marks>, words: Words }} props
 */
export function MarkList({ cell, marks, words }) {
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
          <span>${markText(mark, cell, words)}</span>
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

/** Milliseconds: a deployment that took less was not one of AWS's CloudFormation. */
const leastDeployment = 1_000

/**
 * @param {Mark} mark
 * @param {string} cell
 * @param {Words} words
 */
export function markText(mark, cell, words) {
  const { trend } = words.text
  switch (mark.kind) {
    case 'deployment': {
      const { changed, until, at, outcome } = mark
      const took = until === undefined ? 0 : Date.parse(until) - Date.parse(at)
      return [
        words.fill(trend.deployments[outcome], { stack: `ecos-eventbridge-${cell}` }),
        changed && words.fill(trend.changed, { names: namesOf(changed, words) }),
        // The local CloudFormation deploys nothing itself, so it takes no time.
        took >= leastDeployment && words.lasting(took),
      ]
        .filter(Boolean)
        .join(' · ')
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
function tenantsText(mark, words) {
  const { text, fill } = words
  const parts = /** @type {const} */ (['added', 'removed', 'changed']).flatMap((kind) =>
    mark[kind].count === 0 ? [] : [fill(text.trend[kind], { names: namesOf(mark[kind], words) })],
  )
  return parts.join('; ')
}

/**
 * @param {{ count: number, names: readonly string[] }} some of which the first ones are named
 * @param {Words} words
 */
function namesOf({ count, names }, { text: { trend }, fill }) {
  const rest = count - names.length
  return [names.join(', '), rest > 0 && fill(trend.moreLines, { count: rest })]
    .filter(Boolean)
    .join(' ')
}
