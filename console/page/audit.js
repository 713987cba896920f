import { html, Table, Time, Waiting } from './dom.js'
import { addressOf, eventAddress } from './place.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('../../lib/operations/audit.ts').AuditRecord} AuditRecord */
/** @typedef {import('../../lib/operations/audit.ts').AuditPage} AuditPage */

/**
 * Operators' actions, by the console and by commands, the latest first.
 *
 * @param {{ page: Page, place: Place, words: Words }} props
 */
export function AuditView({ page: { cell, tenant }, place: { query }, words }) {
  const { text } = words
  const asking = new URLSearchParams({
    ...(tenant !== '' && { tenant }),
    ...(query['before'] && { before: query['before'] }),
  })
  /** @type {[import('./server.js').Asked<AuditPage>, () => void]} */
  const [asked, again] = useAsked(`/api/${cell}/audit?${asking}`)
  const { records, before } = asked.state === 'here' ? asked.value : nothing
  const rows = records.map((record) => rowOf(record, words))
  const head = [words.inZone(text.when), text.what, text.became, text.tenant, text.about, text.who]
  return html`<div class="bar">
      <p class="dim">${text.auditSaid} <a href=${addressOf('trends', '', { tenant, range: '1h' })}>${text.auditTrends}</a></p>
      <button type="button" onClick=${again}>${text.again}</button>
      ${query['before'] && html`<a class="button" href=${addressOf('audit', '', { tenant })}>${text.newest}</a>`}
      ${before && html`<a class="button" href=${addressOf('audit', '', { tenant, before })}>${text.auditOlder}</a>`}
    </div>
    <${Waiting} asked=${asked} words=${words} />
    ${asked.state === 'here' && rows.length === 0 && html`<p class="empty" role="status">${text.auditEmpty}</p>`}
    ${rows.length > 0 && html`<${Table} caption=${text.audit} head=${head} rows=${rows} />`}`
}

/** @type {AuditPage} */
const nothing = { records: [] }

/**
 * @param {AuditRecord} record
 * @param {Words} words
 */
function rowOf(record, words) {
  const { id, at, action, outcome, done, wanted, result, tenant, operator } = record
  const { text, number } = words
  const counts = [done, wanted].filter((count) => count !== undefined).map(number)
  const end = [text.deedEnds[outcome], counts.join(' / '), ends(result, words)]
  return {
    key: id,
    level: outcome === 'failed' ? 'red' : outcome === 'begun' ? 'warn' : '',
    cells: [
      html`<${Time} at=${at} words=${words} />`,
      text.deeds[action],
      end.filter(Boolean).join(', '),
      tenant ?? '',
      about(record, words),
      html`<span title=${operator.identity}>${operator.user}</span> <span class="dim">${text.viaOf[operator.via]} · ${operator.identity.split(':').at(-1)}</span>`,
    ],
  }
}

/**
 * An error's code, in the page's words where it has words.
 *
 * @param {string | undefined} result
 * @param {Words} words
 */
function ends(result, { text }) {
  /** @type {Readonly<Record<string, string>>} */
  const known = text.errors
  return result !== undefined && Object.hasOwn(known, result) ? known[result] : result
}

/**
 * @param {AuditRecord} record
 * @param {Words} words
 */
function about(
  { username, channel, eventType, eventId, notificationId, queue, cause, tenant },
  words,
) {
  const parts = [username, channel, eventType, queue, cause].filter(Boolean).join(' · ')
  return html`${parts} ${eventId && html`<a href=${eventAddress(eventId, tenant, notificationId)}>${words.text.event}</a>`}`
}
