import { countIn, countOf } from './counts.js'
import { html, Table } from './dom.js'
import { addressOf } from './place.js'

/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/minutes.ts').Minute} Minute */

const nothingKnown = '—'

/** Minutes that are drawn. */
const drawn = 60

/** Tenants that are shown, the busiest first. */
const maxRows = 50

/**
 * The last hour by tenant: who sends most, whose deliveries fail, who waits at the broker.
 *
 * @param {{ picture: Picture, tenant: string, words: Words }} props
 */
export function TenantsView({ picture, tenant, words }) {
  const { text, number, fill } = words
  const { minutes, bus, broker, at, tenants } = picture
  const hour = minutesUntil(minutes, at)
  const seen = new Set(
    minutes.flatMap(({ events, failed }) => Object.keys({ ...events, ...failed })),
  )
  // Of thousands of tenants a page gets the busiest: the others' numbers are not known.
  const isCut = minutes.some(({ others }) => others)
  const isKnown = (/** @type {string} */ name) =>
    minutes.length > 0 && (name === '' || !isCut || seen.has(name))
  const course = (/** @type {'events' | 'failed'} */ kind, /** @type {string} */ name) =>
    hour.map((minute) => (minute && isKnown(name) ? countIn(minute, kind, name) : undefined))
  const names = tenants.filter((name) => tenant === '' || name === tenant)
  const rows = names
    .map((name) => ({
      name,
      events: course('events', name),
      failed: course('failed', name),
      now: bus.rates && countOf(bus.rates, name),
      waiting: broker?.find(({ id }) => id === name)?.waiting,
    }))
    .map((row) => ({ ...row, sum: sumOf(row.events), lost: sumOf(row.failed) }))
    .sort((a, b) => b.sum - a.sum || (b.waiting ?? 0) - (a.waiting ?? 0))
  const whole = sumOf(minutes.map((minute) => countIn(minute, 'events', '')))
  const [events, failed] = [course('events', tenant), course('failed', tenant)]
  const said = isKnown(tenant) ? { count: sumOf(events), failed: sumOf(failed) } : {}
  const ofLogs = addressOf('trends', '', { tenant, range: '1h', by: 'tenant' })
  const head = [
    text.tenant,
    text.perMinuteNow,
    text.lastHour,
    text.share,
    text.waitingAtBroker,
    text.failedHour,
    text.course,
  ]
  const known = (/** @type {number | undefined} */ value) =>
    value === undefined ? nothingKnown : number(value)
  return html`<section class="hour" aria-label=${text.lastHour}>
      <h2>${text.lastHour}</h2>
      <${Bars} counts=${events} failed=${failed}
        label=${fill(text.hourSaid, { count: nothingKnown, failed: nothingKnown, ...said })} />
      <p class="dim">${text.hourOf} ${text.hourFailed} <a href=${ofLogs}>${text.hourOfLogs}</a></p>
    </section>
    ${rows.length === 0 && html`<p class="empty">${text.trend.noTenants}</p>`}
    ${
      rows.length > 0 &&
      html`<${Table} caption=${text.tenants} head=${head} rows=${rows
        .slice(0, maxRows)
        .map((row) => ({
          key: row.name,
          cells: [
            html`<a href=${addressOf('search', '', { tenant: row.name, range: '1h' })}>${row.name}</a>`,
            known(row.now),
            isKnown(row.name) ? number(row.sum) : nothingKnown,
            whole > 0 && isKnown(row.name) ? words.percent(row.sum / whole) : nothingKnown,
            known(row.waiting),
            // A tenant without `results` announces no failure.
            row.lost > 0 ? number(row.lost) : nothingKnown,
            html`<${Bars} counts=${row.events} failed=${row.failed} />`,
          ],
        }))} />`
    }`
}

/**
 * The hour's minutes up to now; undefined for one that was not seen.
 *
 * @param {readonly Minute[]} minutes
 * @param {string} at
 */
export function minutesUntil(minutes, at) {
  const known = new Map(minutes.map((minute) => [Date.parse(minute.at), minute]))
  const last = Math.floor(Date.parse(at) / 60_000) * 60_000
  return Array.from({ length: drawn }, (_, index) => known.get(last - (drawn - 1 - index) * 60_000))
}

/**
 * Bars of a minute each, failures red; a minute that was not seen has a dot below.
 *
 * @param {{ counts: readonly (number | undefined)[], failed: readonly (number | undefined)[], label?: string }} props
 */
function Bars({ counts, failed, label }) {
  const top = Math.max(
    1,
    ...counts.map((count) => count ?? 0),
    ...failed.map((count) => count ?? 0),
  )
  const bar = (/** @type {number} */ count, /** @type {number} */ x, /** @type {string} */ kind) =>
    count > 0 &&
    html`<rect class=${kind} x=${x} y=${20 - (19 * count) / top} width="0.8" height=${(19 * count) / top} />`
  const role =
    label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label }
  return html`<svg class="bars" viewBox="0 0 60 21" preserveAspectRatio="none" ...${role}>
    ${counts.map((count, x) =>
      count === undefined
        ? html`<rect class="unseen" x=${x + 0.2} y="19.6" width="0.4" height="0.4" />`
        : html`${bar(count, x, 'handler')}${bar(failed[x] ?? 0, x, 'lost')}`,
    )}
  </svg>`
}

/** @param {readonly (number | undefined)[]} counts */
function sumOf(counts) {
  return counts.reduce((/** @type {number} */ sum, count) => sum + (count ?? 0), 0)
}
