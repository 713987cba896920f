import { useEffect, useMemo, useState } from 'preact/hooks'
import { Chart } from './chart.js'
import { html, Waiting } from './dom.js'
import { MarkList, signsOf } from './marks.js'
import { addressOf } from './place.js'
import { rangeName, rangeOf } from './range.js'
import { useAsked } from './server.js'
import { Changed, isCompared } from './trends-changed.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('../server/history.ts').History} History */
/** @typedef {import('../server/marks.ts').Marks} Marks */
/** @typedef {import('../server/tenant-history.ts').TenantHistory} TenantHistory */

/** Milliseconds after which a range that ends now is read again. */
const again = 60_000

/**
 * The metrics of the page's time range: what differs from the time before, and charts with one axis of time.
 *
 * @param {{ page: Page, place: Place, words: Words }} props
 */
export function TrendsView({ page: { cell, tenant }, place, words }) {
  const { text, fill } = words
  const { trend } = text
  /** @type {import('./server.js').Asked<History>} */
  const history = useOfRange(`/api/${cell}/history`, place.query)
  /** @type {import('./server.js').Asked<Marks>} */
  const marks = useOfRange(`/api/${cell}/marks`, place.query)
  const [moment, setMoment] = useState(/** @type {number | undefined} */ (undefined))
  const onRange = (/** @type {Date} */ from, /** @type {Date} */ to) => {
    const range = { range: 'own', from: from.toISOString(), to: to.toISOString() }
    location.hash = addressOf('trends', '', { ...place.query, ...range })
  }
  const signs = useMemo(() => (marks.state === 'here' ? signsOf(marks.value) : []), [marks])
  const done = html`<${MarkList} cell=${cell} marks=${marks} words=${words} />`
  if (history.state !== 'here') return html`${done}<${Waiting} asked=${history} words=${words} />`
  const { value } = history
  const shared = { signs, words }
  const pointing = { moment, onMoment: setMoment, onRange }
  const heading = isCompared(value) ? trend.compared : trend.totals
  const isByTenant = place.query['by'] === 'tenant'
  return html`${done}
    <section aria-label=${heading}>
      <h2>${heading}</h2>
      ${tenant !== '' && html`<p class="dim">${trend.ofAll}</p>`}
      ${value.known === 0 && html`<p class="empty" role="status">${trend.noData}</p>`}
      ${value.known > 0 && value.known < wholeShare && html`<p class="dim">${fill(trend.partly, { share: words.percent(value.known) })}</p>`}
      <${Changed} history=${value} words=${words} />
    </section>
    <div class="bar">
      <a class="button" href=${addressOf('trends', '', { ...place.query, by: isByTenant ? '' : 'tenant' })}>
        ${isByTenant ? trend.withoutTenants : trend.byTenant}</a>
      <span class=${isByTenant ? 'dim' : 'dim mouse'}>${isByTenant ? trend.byTenantHint : trend.zoom}</span>
    </div>
    ${isByTenant && html`<${ByTenant} ...${{ cell, tenant, query: place.query, ...shared, ...pointing }} />`}
    <div class="charts">
      ${value.charts.map(
        (chart) =>
          html`<${Chart} key=${chart.name} ...${{ ...shared, ...pointing, chart, history: value }} />`,
      )}
    </div>`
}

/**
 * Events, deliveries and failures by tenant, read on demand.
 *
 * @param {{ cell: string, tenant: string, query: Readonly<Record<string, string>>, words: Words,
 *   signs: readonly import('./chart.js').Sign[], moment: number | undefined,
 *   onMoment: (index: number | undefined) => void, onRange: (from: Date, to: Date) => void }} props
 */
function ByTenant({ cell, tenant, query, words, ...shared }) {
  const { trend } = words.text
  /** @type {import('./server.js').Asked<TenantHistory>} */
  const asked = useOfRange(`/api/${cell}/tenant-history`, query)
  const value = asked.state === 'here' ? asked.value : undefined
  return html`<${Waiting} asked=${asked} words=${words} />
    ${value?.isCut && html`<p class="dim">${trend.onlyBusiest}</p>`}
    <div class="charts tenants">
      ${value?.charts.map(
        (chart) =>
          html`<${Chart} key=${chart.name} by=${trend.ofTenant[/** @type {keyof typeof trend.ofTenant} */ (chart.name)]} ...${{ ...shared, words, history: value, chart: tenant === '' ? chart : ofOne(chart, tenant) }} />`,
      )}
    </div>`
}

/**
 * The line of one tenant. One without a line had none, if the lines are all that there was; otherwise it is not known.
 *
 * @param {History['charts'][number]} chart
 * @param {string} tenant
 */
export function ofOne({ series, whole, ...chart }, tenant) {
  const mine = series.filter(({ name }) => name === tenant)
  const sum = series.reduce((total, { now }) => total + (now ?? 0), 0)
  const isWhole = whole.now !== null && sum === whole.now
  const none = {
    values: whole.values.map((value) => (value === null || !isWhole ? null : 0)),
    ...{ now: isWhole ? 0 : null, before: null },
  }
  return { ...chart, series: mine, whole: mine[0] ?? none }
}

/** A range of which less is known is shown with a remark. */
const wholeShare = 0.9

/**
 * An answer about a range; one that ends now is asked for again each minute, while somebody sees the page. Without a
 * path it asks nothing.
 *
 * @template T
 * @param {string | undefined} path
 * @param {Readonly<Record<string, string>>} query
 * @returns {import('./server.js').Asked<T>}
 */
export function useOfRange(path, query) {
  const range = rangeName(query, 'trends')
  const own = range === 'own' ? rangeOf(query, 0) : {}
  /** @type {[import('./server.js').Asked<T>, () => void]} */
  const [asked, ask] = useAsked(path && `${path}?${new URLSearchParams({ range, ...own })}`)
  useEffect(() => {
    if (range === 'own') return
    const timer = setInterval(() => document.visibilityState === 'visible' && ask(), again)
    return () => clearInterval(timer)
  }, [range, ask])
  return asked
}
