import { html, State } from './dom.js'
import { eventAddress } from './place.js'
import { lasting } from './way.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./way.js').Way} Way */
/** @typedef {import('./way.js').Row} Row */
/** @typedef {import('./way.js').Part} Part */

/** Rows that are shown: a crowd has thousands. */
const maxRows = 40

/**
 * The way of an event as bars over time: where it was, and for how long; then each notification, by recipient
 * and channel. The slowest part is named.
 *
 * @param {{ way: Way, id: string, tenant: string, chosen: string, words: Words }} props
 */
export function Waterfall({ way, id, tenant, chosen, words }) {
  const { text, fill } = words
  const { rows, slowest } = way
  const shown = rows.filter(({ one }, at) => at < maxRows || one?.notificationId === chosen)
  return html`<section class="waterfall" aria-label=${text.way}>
    <h3>${text.way}</h3>
    ${
      slowest &&
      html`<p class="slowest">${fill(text.slowest, {
        part: partName(slowest.part, slowest.one, words),
        time: words.lasting(lasting(slowest.part)),
      })}</p>`
    }
    <ol>
      ${shown.map((row) => html`<${RowItem} ...${{ row, way, id, tenant, chosen, words }} />`)}
    </ol>
    ${rows.length > shown.length && html`<p class="dim">${fill(text.moreTroubles, { count: rows.length - shown.length })}</p>`}
    <p class="key" aria-hidden="true">
      ${keyOf(shown).map((kind) => html`<span><i class=${kind}></i>${text.wayParts[kind]}</span>`)}
    </p>
  </section>`
}

/** @param {{ row: Row, way: Way, id: string, tenant: string, chosen: string, words: Words }} props */
function RowItem({ row: { one, parts }, way, id, tenant, chosen, words }) {
  const { text } = words
  const [first] = parts
  const total = parts.length > 0 ? (parts.at(-1)?.to ?? 0) - (first?.from ?? 0) : undefined
  const name = one ? `${one.channel} → ${one.username}` : first && text.wayParts[first.kind]
  const isChosen = one !== undefined && one.notificationId === chosen
  return html`<li class=${isChosen ? 'chosen' : ''}>
    <span class="who">
      ${
        one
          ? html`<a href=${eventAddress(id, tenant, one.notificationId)} aria-current=${isChosen ? 'true' : undefined}>${name}</a>
            <${State} ...${{ state: one.state, reason: one.reason, words }} />`
          : name
      }
      ${one && html`<span class="hidden">${parts.map((part) => said(part, words)).join('; ')}</span>`}
    </span>
    <span class="track" aria-hidden="true">
      ${parts.map((part) => html`<${Bar} ...${{ part, way, words }} />`)}
    </span>
    <span class="took">${total === undefined ? '—' : words.lasting(total)}</span>
  </li>`
}

/**
 * A rectangle of an SVG: the page's policy allows no inline style.
 *
 * @param {{ part: Part, way: Way, words: Words }} props
 */
function Bar({ part, way: { from, to }, words }) {
  const whole = Math.max(1, to - from)
  const x = (100 * (part.from - from)) / whole
  const width = Math.max(0.4, (100 * lasting(part)) / whole)
  return html`<svg preserveAspectRatio="none" viewBox="0 0 100 10">
    <title>${said(part, words)}</title>
    <rect class=${part.kind} x=${Math.min(x, 99.6)} y="0" width=${width} height="10" />
  </svg>`
}

/**
 * @param {Part} part
 * @param {Words} words
 */
function said(part, words) {
  const time = words.lasting(lasting(part))
  return [`${words.text.wayParts[part.kind]} ${time}`, part.reason].filter(Boolean).join(': ')
}

/**
 * @param {Part} part
 * @param {Row['one']} one
 * @param {Words} words
 */
function partName({ kind }, one, { text }) {
  const name = text.wayParts[kind]
  return one ? `${name} (${one.channel} → ${one.username})` : name
}

/** @param {readonly Row[]} rows */
function keyOf(rows) {
  return [...new Set(rows.flatMap(({ parts }) => parts.map(({ kind }) => kind)))]
}
