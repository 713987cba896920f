import { useState } from 'preact/hooks'
import { Copy, html, Table, Time } from './dom.js'
import { addressOf, eventAddress } from './place.js'
import { runsOf, withoutResults } from './runs.js'

/** @typedef {import('./server.js').PassingEvent} PassingEvent */
/** @typedef {import('./texts.js').Words} Words */

/** Rows that are shown. */
const maxRows = 100

/**
 * Events as they pass. They can be paused to be read. Repeats are folded, and the results of notifications left out
 * unless they are asked for.
 *
 * @param {{ passed: readonly PassingEvent[], place: import('./place.js').Place, tenant: string, words: Words }} props
 */
export function EventsView({ passed, place: { query }, tenant, words }) {
  const { text, fill } = words
  const [held, setHeld] = useState(/** @type {readonly PassingEvent[] | undefined} */ (undefined))
  const [unfolded, setUnfolded] = useState(/** @type {ReadonlySet<string>} */ (new Set()))
  const withResults = query['results'] === 'all'
  const ofTenant = (held ?? passed).filter((one) => tenant === '' || one.tenant === tenant)
  const events = withoutResults(ofTenant)
  const left = withResults ? 0 : ofTenant.length - events.length
  const runs = runsOf(withResults ? ofTenant : events)
  const rows = runs.slice(0, maxRows).flatMap((run) => {
    // The newest changes while more come: the oldest stays.
    const key = keyOf(run.at(-1) ?? run[0])
    const isOpen = unfolded.has(key)
    const toggle = () => {
      const others = [...unfolded].filter((one) => one !== key)
      setUnfolded(new Set(isOpen ? others : [...others, key]))
    }
    const fold =
      run.length > 1 &&
      html`<button type="button" class="fold" aria-expanded=${isOpen} title=${text.unfold}
        onClick=${toggle}>× ${words.number(run.length)}</button>`
    const [newest, ...others] = run
    const inner = isOpen ? others.slice(0, maxRows).map((one) => rowOf(one, '', words)) : []
    return [rowOf(newest, fold, words), ...inner]
  })
  const head = [
    ...[words.inZone(text.when), text.tenant, text.partition, text.type],
    ...[text.about, text.event],
  ]
  const address = addressOf('events', '', { ...query, results: withResults ? '' : 'all' })
  return html`<div class="bar">
      <button type="button" aria-pressed=${held !== undefined}
        onClick=${() => setHeld(held ? undefined : passed)}>${held ? text.resume : text.pause}</button>
      <a class="button" href=${address}>${withResults ? text.withoutResults : text.withResults}</a>
      ${left > 0 && html`<span class="dim">${fill(text.resultsLeft, { count: left })}</span>`}
      ${held && html`<span class="dim">${text.held}</span>`}
    </div>
    ${
      rows.length === 0
        ? html`<p class="empty">${text.nothingPassed}</p>`
        : html`<${Table} caption=${text.passed} head=${head} rows=${rows} />`
    }`
}

const keyOf = (/** @type {PassingEvent} */ { at, id }) => `${at} ${id}`

/**
 * @param {PassingEvent} one
 * @param {import('./dom.js').Children} fold how many more it stands for
 * @param {Words} words
 * @returns {import('./dom.js').Row}
 */
function rowOf(one, fold, words) {
  const id = one.result?.eventId ?? one.id
  return {
    key: keyOf(one),
    level: one.type === 'notification.failed' ? 'red' : '',
    cells: [
      html`<${Time} at=${one.at} words=${words} />`,
      one.tenant,
      one.partition ?? '',
      fold ? html`${one.type} ${fold}` : one.type,
      one.result ? [one.result.channel, one.result.reason].filter(Boolean).join(': ') : one.subject,
      html`<span class="cut"><a href=${eventAddress(id, one.tenant)} title=${id}>${id}</a></span>
        <${Copy} text=${id} label=${`${words.text.copy} ${id}`} words=${words} />`,
    ],
  }
}
