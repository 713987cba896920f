import { againOf, leastOf } from './again.js'
import { ageOf } from './age.js'
import { countIn, countOf } from './counts.js'
import { failure, html } from './dom.js'
import { addressOf } from './place.js'
import { rangeName } from './range.js'
import { Spark } from './spark.js'
import { minutesUntil } from './tenants.js'
import { ofOne, useOfRange } from './trends.js'
import { valueText } from './trends-changed.js'

/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/history.ts').History} History */
/** @typedef {import('../server/history.ts').Value} Value */
/** @typedef {import('../server/tenant-history.ts').TenantHistory} TenantHistory */
/** @typedef {import('./place.js').Place} Place */
/**
 * @typedef {{ name: 'perMinute' | 'oldest' | 'delivered' | 'failing', value: string, course: readonly Value[],
 *   remark?: string | undefined, level?: string, href?: string }} Figure
 */

const nothingKnown = '—'

/** Minutes for which a failure colours the figure. */
const lately = 5

/**
 * Four figures that say how the cell does, each with its last hour. They lead to the charts.
 *
 * @param {{ cell: string, picture: Picture, place: Place, tenant: string, words: Words }} props
 */
export function Figures({ cell, picture, place, tenant, words }) {
  const { trend } = words.text
  /** @type {import('./server.js').Asked<History>} */
  const asked = useOfRange(`/api/${cell}/history`, lastHour)
  const history = asked.state === 'here' ? asked.value : undefined
  const problem = asked.state === 'failed' ? failure(asked, words) : undefined
  const charts = addressOf('trends', '', { tenant, ...lastHour })
  // What the view below has read, at a price, serves the figure too.
  const { view, query } = place
  const isByTenant = query['by'] === 'tenant' && rangeName(query, view) === lastHour.range
  /** @type {import('./server.js').Asked<TenantHistory>} */
  const byTenant = useOfRange(
    tenant !== '' && view === 'trends' && isByTenant ? `/api/${cell}/tenant-history` : undefined,
    lastHour,
  )
  const logs = byTenant.state === 'here' ? byTenant.value : undefined
  const shared = { picture, tenant, history, logs, problem, words }
  return html`<ul class="figures" aria-label=${trend.figures}>
    ${[perMinute(shared), oldest(shared), delivered(shared), failing(shared)].map(
      ({ name, value, course, remark, level = '', href = charts }) => html`<li key=${name}>
        <a class=${`figure ${level}`} href=${href}>
          <span class="name">${trend.figureNames[name]}</span>
          <strong>${value}</strong>
          <${Spark} values=${course} />
          <span class="dim">${remark ?? ''}</span>
        </a>
      </li>`,
    )}
  </ul>`
}

const lastHour = { range: '1h' }

/**
 * @typedef {{ picture: Picture, tenant: string, history: History | undefined, problem: string | undefined,
 *   logs?: TenantHistory | undefined, words: Words }} Known `logs`: by tenant, if they were read
 */

/**
 * @param {Known} known
 * @returns {Figure}
 */
function perMinute({ picture, tenant, history, words }) {
  const { bus, minutes, at } = picture
  const seen = minutesUntil(minutes, at).map((minute) =>
    minute ? countIn(minute, 'events', tenant) : null,
  )
  // Metrics reach further back than this console, but have no tenant.
  const written = tenant === '' ? chartOf('events', history)?.whole : undefined
  return {
    name: 'perMinute',
    value: bus.rates ? words.number(countOf(bus.rates, tenant)) : nothingKnown,
    course: written && written.now !== null ? written.values : seen,
    remark: ageOf('events', picture, words),
  }
}

/**
 * @param {Known} known
 * @returns {Figure}
 */
export function oldest({ picture, tenant, history, problem, words }) {
  const { broker = [], handlers, channels, at, asOf, troubles } = picture
  const mine = broker.filter(({ id, pooled }) => tenant === '' || (pooled ?? [id]).includes(tenant))
  const ways = [...mine, ...handlers, ...channels]
  const again = againOf(channels, tenant)
  const since = [...ways, ...(again ? [again] : [])].flatMap((one) => one.since ?? []).sort()[0]
  const bad = troubles.find(
    (one) =>
      one.why === 'stuck' ||
      one.why === 'slow' ||
      (one.why === 'late' && (tenant === '' || one.tenant === tenant)),
  )
  // SQS hides a message while it is handled, and while it waits for its next try.
  const hidden = ways.reduce((sum, way) => sum + (way.inFlight ?? 0) + (way.delayed ?? 0), 0)
  const { text } = words
  // How old a hidden message is, nobody tells.
  const none = hidden > 0 ? nothingKnown : text.trend.nothingWaits
  const value = since ? words.ago(since, at) : none
  const whose = tenant !== '' && again && !again.isOfAll ? `${tenant}: ` : ''
  const of = [
    !since && hidden > 0 && words.fill(text.inFlight, { count: hidden }),
    text.trend.withBroker,
    tenant !== '' && text.trend.everyTenants,
    again && whose + words.fill(text.retried, { count: leastOf(again, words) }),
  ]
  return {
    name: 'oldest',
    value: asOf.queues && asOf.broker ? value : since ? `≥ ${value}` : nothingKnown,
    course: chartOf('oldest', history)?.whole.values ?? [],
    remark:
      ageOf('queues', picture, words) ??
      ageOf('broker', picture, words) ??
      problem ??
      of.filter(Boolean).join(' · '),
    level: bad?.level ?? '',
  }
}

/**
 * @param {Known} known
 * @returns {Figure}
 */
function delivered({ tenant, history, problem, words }) {
  const chart = chartOf('delivered', history)
  const values = chart?.whole.values ?? []
  const last = values.findLastIndex((value) => value !== null)
  const minutes = values.length - 1 - last
  const { trend } = words.text
  const age = words.lasting(minutes * 60_000)
  return {
    name: 'delivered',
    value: valueText(values[last] ?? null, chart?.unit ?? 'milliseconds', words),
    course: values,
    remark:
      problem ??
      (last >= 0 && minutes > 2
        ? words.fill(words.text.asOf, { time: age })
        : tenant && trend.everyTenants),
  }
}

/**
 * @param {Known} known
 * @returns {Figure}
 */
export function failing({ picture, tenant, history, logs, problem, words }) {
  const { trend } = words.text
  if (tenant !== '') {
    const counted = logs?.charts.find(({ name }) => name === 'failures')
    const mine = counted && ofOne(counted, tenant).whole
    if (mine && mine.now !== null) {
      const [value, course] = [words.number(mine.now), mine.values]
      return { name: 'failing', value, course, remark: trend.inLastHour, level: levelOf(course) }
    }
    const { minutes, at } = picture
    const course = minutesUntil(minutes, at).map((minute) =>
      minute ? countIn(minute, 'failed', tenant) : null,
    )
    const sum = course.reduce((/** @type {number} */ total, value) => total + (value ?? 0), 0)
    // A tenant without `results` announces no failure.
    const value = sum > 0 ? words.number(sum) : nothingKnown
    const remark = sum > 0 ? trend.inLastHour : trend.notAnnounced
    const href = addressOf('trends', '', { tenant, ...lastHour, by: 'tenant' })
    return {
      ...{ name: 'failing', value, course, remark, level: levelOf(course) },
      ...(sum === 0 && { href }),
    }
  }
  const { whole } = chartOf('failures', history) ?? {}
  return {
    name: 'failing',
    value: valueText(whole?.now ?? null, 'count', words),
    course: whole?.values ?? [],
    remark: problem ?? trend.inLastHour,
    level: levelOf(whole?.values ?? []),
  }
}

/** @param {readonly Value[]} course */
function levelOf(course) {
  return course.slice(-lately).some((value) => (value ?? 0) > 0) ? 'red' : ''
}

/**
 * @param {History['charts'][number]['name']} name
 * @param {History | undefined} history
 */
function chartOf(name, history) {
  return history?.charts.find((chart) => chart.name === name)
}
