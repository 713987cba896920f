import { againOf, leastOf, retriedAddress } from './again.js'
import { Age } from './age.js'
import { countOf } from './counts.js'
import { html } from './dom.js'
import { addressOf, brokerLettersAddress, lettersAddress } from './place.js'

/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('../server/ways.ts').Way} Way */
/** @typedef {import('./texts.js').Words} Words */

/** Stands for a number that is not known. */
const nothingKnown = '—'

/** @param {{ picture: Picture, tenant: string, words: Words }} props */
export function PictureView({ picture, tenant, words }) {
  const { text, fill, number } = words
  const { broker, bus, handlers, channels, quarantine } = picture
  const mine = broker
    ?.filter(({ id, pooled }) => tenant === '' || (pooled ?? [id]).includes(tenant))
    .sort(byBusiness)
  const shared = { picture, tenant, words }
  const [idle, busy] = parted(handlers, (way) => isIdle(way, picture))
  return html`<div class="picture">
    <section class="column from">
      <h2>${text.broker}</h2>
      <${Age} ...${{ part: 'broker', picture, words }} />
      ${
        mine
          ? html`<${Ways} ...${{ ...shared, ways: mine.slice(0, maxTenants), isOwn: true }} />`
          : html`<p class="dim">${picture.asOf.broker ? text.noBroker : nothingKnown}</p>`
      }
      ${
        (mine?.length ?? 0) > maxTenants &&
        html`<p class="dim">${fill(text.others, { count: (mine?.length ?? 0) - maxTenants })}</p>`
      }
    </section>
    <section class="column rail">
      <h2>${text.bus}</h2>
      <${Age} ...${{ part: 'events', picture, words }} />
      <ul class="ways">
        <li class="box">
          <span>ecos-${picture.cell}</span>
          <span class="dim">${fill(text.perMinute, { count: bus.rates ? countOf(bus.rates, tenant) : nothingKnown })}</span>
        </li>
        <li class=${`box ${quarantine ? 'red' : ''}`}>
          ${quarantine ? html`<a class="dead" href=${lettersAddress(picture.cell, 'quarantine', tenant)}>${text.quarantine}: ${number(quarantine)}${tenant === '' ? '' : ` · ${text.trend.everyTenants}`}</a>` : text.quarantine}
          ${quarantine === undefined && html`<span class="dim">${nothingKnown}</span>`}
        </li>
      </ul>
    </section>
    <section class="column into">
      <h2>${text.handlers}</h2>
      <${Age} ...${{ part: 'queues', picture, words }} />
      <${Ways} ...${{ ...shared, ways: busy }} />
      ${
        idle.length > 0 &&
        html`<details class="idle" open=${busy.length === 0}><summary>${fill(text.trend.idleTypes, { count: idle.length })}</summary>
          <${Ways} ...${{ ...shared, ways: idle }} /></details>`
      }
    </section>
    <section class="column into">
      <h2>${text.channels}</h2>
      <${Age} ...${{ part: 'queues', picture, words }} />
      <${Ways} ...${{ ...shared, ways: channels, isChannel: true }} />
    </section>
  </div>`
}

/**
 * Whether nothing was seen to pass it and nothing is in its queues; what is not known is not idle.
 *
 * @param {Way} way
 * @param {Picture} picture
 */
function isIdle({ rates, waiting, inFlight, delayed, dead, level }, { asOf }) {
  const isEmpty = [waiting, inFlight, delayed, dead].every((count) => count === 0)
  const isQuiet = asOf.events !== undefined && countOf(rates ?? {}, '') === 0
  return isEmpty && isQuiet && level === undefined
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => boolean} isFirst
 * @returns {[T[], T[]]}
 */
function parted(items, isFirst) {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}

/** Tenants that are shown, the busiest first. */
const maxTenants = 12

/**
 * @param {Way} a
 * @param {Way} b
 */
function byBusiness(a, b) {
  const business = (/** @type {Way} */ { dead = 0, waiting = 0, rates = {} }) =>
    dead * 1e9 + waiting * 1e3 + countOf(rates, '')
  return business(b) - business(a)
}

/** @param {{ ways: readonly Way[], isChannel?: boolean, isOwn?: boolean, picture: Picture, tenant: string, words: Words }} props */
function Ways({ ways, ...shared }) {
  return html`<ul class="ways">
    ${ways.map((way) => html`<${WayItem} key=${way.id} way=${way} ...${shared} />`)}
  </ul>`
}

/** @param {{ way: Way, isChannel?: boolean, isOwn?: boolean, picture: Picture, tenant: string, words: Words }} props */
function WayItem({ way, isChannel = false, isOwn = false, picture, tenant, words }) {
  const { text, fill, ago } = words
  const { waiting, inFlight = 0, delayed = 0, since, dead } = way
  const counted = way.rates && countOf(way.rates, tenant)
  // A channel's events are those of tenants with results alone.
  const rate = isChannel && counted === 0 ? undefined : counted
  const name = isChannel ? html`<a href=${waitingAt(way, tenant)}>${way.id}</a>` : way.id
  const parts = [
    ...(waiting === undefined ? [fill(text.waiting, { count: nothingKnown })] : []),
    ...(waiting ? [fill(text.waiting, { count: waiting })] : []),
    ...(since ? [fill(text.since, { time: ago(since, picture.at) })] : []),
    ...(inFlight > 0 ? [fill(text.inFlight, { count: inFlight })] : []),
    ...(delayed > 0 ? [fill(text.delayed, { count: delayed })] : []),
  ]
  // A queue of SQS holds the messages of all tenants.
  const everyones = ` · ${text.trend.everyTenants}`
  const whose = tenant === '' || isOwn ? '' : everyones
  const load = parts.length > 0 ? `${parts.join(' · ')}${whose}` : ''
  const again = againOf([way], tenant)
  const retriedSaid =
    again &&
    fill(text.retriedFor, { count: leastOf(again, words), time: ago(again.since, picture.at) }) +
      (again.isOfAll ? everyones : '')
  const letters = isOwn
    ? brokerLettersAddress(way, tenant)
    : lettersAddress(picture.cell, way.id, tenant)
  return html`<li class=${`way ${way.level ?? ''} ${rate ? 'busy' : ''} flow-${flowOf(rate)}`}>
    <span class="arrow">
      <span class="rate">${fill(text.perMinute, { count: rate ?? nothingKnown })}</span>${' '}
      ${load && html`<span class="load">${load}</span>`}
    </span>
    <span class="box"><span>${name}</span>${' '}
      ${
        again &&
        html`<a class="again" href=${retriedAddress(way.id, again.isOfAll ? '' : tenant)}>${retriedSaid}</a>${' '}`
      }
      ${dead ? html`<a class="dead" href=${letters}>${fill(text.dead, { count: dead })}${whose}</a>` : ''}
    </span>
  </li>`
}

/**
 * The notifications of a channel; those that wait, if any do.
 *
 * @param {Way} way
 * @param {string} tenant
 */
function waitingAt({ id, waiting = 0, inFlight = 0, delayed = 0 }, tenant) {
  const state = waiting + inFlight + delayed > 0 ? 'WAIT_FOR_DISPATCH' : ''
  return addressOf('search', '', { tenant, channel: id, state })
}

/**
 * The width of an edge: each step is ten times the rate.
 *
 * @param {number | undefined} rate events in a minute
 */
function flowOf(rate = 0) {
  return rate > 0 ? Math.min(4, 1 + Math.floor(Math.log10(rate))) : 0
}
