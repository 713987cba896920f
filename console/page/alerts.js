import { useEffect, useRef } from 'preact/hooks'
import { html } from './dom.js'
import { addressOf } from './place.js'
import { saidReason } from './reason.js'

/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('../server/troubles.ts').Trouble} Trouble */
/** @typedef {import('./texts.js').Words} Words */

/** Troubles that are announced: one fault can cause one for each tenant. */
const maxAnnounced = 6

/** A sign beside the word, for readers who see no colours. */
const signs = { well: '✓', warn: '!', red: '✕', looking: '…' }

/**
 * The state of the system in one word, for the head of every view. It opens a drawer that says what is wrong, why,
 * and what to do.
 *
 * @param {{ picture: Picture, tenant: string, isLost: boolean, words: Words }} props
 */
export function Alerts({ picture, tenant, isLost, words }) {
  const { text } = words
  const drawer = useRef(/** @type {HTMLDialogElement | null} */ (null))
  useEffect(() => {
    // A link in the drawer leads to another view.
    const close = () => drawer.current?.close()
    addEventListener('hashchange', close)
    return () => removeEventListener('hashchange', close)
  }, [])
  const troubles = troublesOf(picture, tenant)
  const level = levelOf(picture, troubles)
  const count = troubles.filter(isTrouble).length
  // Without the numbers of a console that no longer answers.
  const look = isLost ? 'lost' : level
  return html`<button type="button" class=${`pill verdict ${look}`} aria-haspopup="dialog"
      onClick=${() => drawer.current?.showModal()}>
      <span aria-hidden="true">${signs[level]}</span> ${text[level]}${count > 0 && html`${' '}<b>${words.number(count)}</b>`}
    </button>
    <dialog class="drawer" ref=${drawer} aria-labelledby="alerts" onClick=${closeOutside}>
      <div class="inside">
        <div class="bar">
          <h2 id="alerts">${text.verdict}: ${text[level]}</h2>
          <button type="button" onClick=${() => drawer.current?.close()}>${text.close}</button>
        </div>
        ${count === 0 && html`<p>${level === 'well' ? text.trend.allRead : text.looking}</p>`}
        <ul class="troubles">
          ${troubles.map(
            (trouble) =>
              html`<${TroubleItem} key=${keyOf(trouble)} ...${{ trouble, picture, tenant, words }} />`,
          )}
        </ul>
      </div>
    </dialog>
    <p class="hidden" role="status">${announced(level, troubles, words)}</p>`
}

/** A click beside the drawer hits the dialog itself, and not what is inside. */
function closeOutside(/** @type {MouseEvent} */ { target, currentTarget }) {
  if (target === currentTarget) /** @type {HTMLDialogElement} */ (currentTarget).close()
}

/** @param {{ trouble: Trouble, picture: Picture, tenant: string, words: Words }} props */
function TroubleItem({ trouble, picture, tenant, words }) {
  const { text } = words
  const said = saidOf(trouble, words)
  const detail = detailOf(trouble, picture, words)
  const href = addressFor(trouble, picture, tenant)
  const section = sectionOf(trouble, picture)
  return html`<li class=${trouble.level}>
    ${href ? html`<a href=${href}>${said}</a>` : html`<span title=${trouble.fault?.text}>${said}</span>`}
    ${detail && html`<span class="todo">${detail}</span>`}
    <span class="todo">${text.todo[trouble.why]}
      ${section && html`${' '}<a href=${addressOf('runbook', section, { tenant })}>${text.runbook}<span class="hidden">: ${said}</span></a>`}
    </span>
  </li>`
}

/**
 * The view that shows the cause.
 *
 * @param {Trouble} trouble
 * @param {Picture} picture
 * @param {string} chosen tenant
 */
export function addressFor({ why, where, tenant: owner }, { channels }, chosen) {
  const tenant = owner ?? chosen
  if (why === 'flood') return addressOf('tenants')
  if (why === 'dead-letters' || why === 'quarantined') return addressOf('letters', '', { tenant })
  if (!channels.some(({ id }) => id === where)) return undefined
  const of = { tenant, channel: where }
  // However long ago it was created: it may have been held, or sent again.
  if (why === 'late') return addressOf('search', '', { ...of, state: 'RETRIED', range: '30d' })
  const state = why === 'failing' ? 'ERROR' : 'WAIT_FOR_DISPATCH'
  return addressOf('search', '', { ...of, state })
}

/**
 * @param {Picture} picture
 * @param {string} tenant empty for all
 */
export function troublesOf({ troubles }, tenant) {
  return troubles.filter(
    (trouble) => tenant === '' || trouble.tenant === undefined || trouble.tenant === tenant,
  )
}

const isTrouble = (/** @type {Trouble} */ { level }) => level !== 'note'

/**
 * Nothing counts as well before each part was read once.
 *
 * @param {Picture} picture
 * @param {readonly Trouble[]} troubles
 */
export function levelOf({ asOf }, troubles) {
  const gravest = troubles.find(isTrouble)?.level
  const isKnown = asOf.queues && asOf.broker && asOf.events && asOf.late
  return /** @type {'red' | 'warn' | undefined} */ (gravest) ?? (isKnown ? 'well' : 'looking')
}

/**
 * @param {Omit<Trouble, 'count'> & { count?: number | undefined }} trouble
 * @param {Words} words
 */
function saidOf(trouble, { text, fill, fault }) {
  return fill(text.troubles[trouble.why], {
    ...trouble,
    text: trouble.fault && fault(trouble.fault),
  })
}

/**
 * How late, or how much: what changes all the time, and is not announced.
 *
 * @param {Trouble} trouble
 * @param {Picture} picture
 * @param {Words} words
 */
function detailOf(trouble, { at }, words) {
  const { text, fill, number, percent, ago } = words
  const { why, count = 0, isMore, share = 0, since = at, reason } = trouble
  if (why === 'flood') return fill(text.flooding, { count, share: percent(share) })
  if (why !== 'late') return undefined
  const most = { count: `${number(count)}${isMore ? '+' : ''}`, time: ago(since, at) }
  return [fill(text.lateFor, most), reason && saidReason(reason, words)].filter(Boolean).join(' ')
}

const keyOf = (/** @type {Trouble} */ { why, where, tenant, fault }) =>
  [why, where, tenant, fault?.part].join(' ')

/**
 * The text for screen readers: without the numbers, which change all the time.
 *
 * @param {ReturnType<typeof levelOf>} level
 * @param {readonly Trouble[]} troubles
 * @param {Words} words
 */
function announced(level, troubles, words) {
  const { text } = words
  const said = troubles
    .slice(0, maxAnnounced)
    .map((trouble) => saidOf({ ...trouble, count: undefined }, words).replace(/: $/, ''))
  return [text[level], ...said].join('. ')
}

/**
 * The section of docs/runbook.md, by its anchor.
 *
 * @param {Trouble} trouble
 * @param {Picture} picture
 */
function sectionOf({ why, where }, { broker = [] }) {
  const isAtBroker = broker.some(({ id }) => id === where)
  if (why === 'quarantined') return 'quarantine'
  if (why === 'failing' || why === 'late') return 'failing-deliveries'
  if (why === 'flood') return 'broker-backlog'
  if (why === 'unknown') return undefined
  if (why === 'dead-letters') return isAtBroker ? 'broker-dead-letters' : 'dead-letters'
  return isAtBroker ? 'no-drain' : 'old-messages'
}
