import { html } from './dom.js'

/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('../server/picture.ts').Trouble} Trouble */
/** @typedef {import('./texts.js').Words} Words */

/** Troubles that are shown: one fault can cause one for each tenant. */
const maxShown = 6

/**
 * What is wrong, why, and what to do, at the top of every view: whole beside the pipeline, elsewhere one line
 * that opens.
 *
 * @param {{ picture: Picture, tenant: string, isWhole: boolean, words: Words }} props
 */
export function Verdict({ picture, tenant, isWhole, words }) {
  const { text, fill, number } = words
  const troubles = troublesOf(picture, tenant)
  const level = levelOf(picture, troubles)
  const rest = troubles.slice(maxShown)
  const item = (/** @type {Trouble} */ trouble) =>
    html`<${TroubleItem} key=${keyOf(trouble)} ...${{ trouble, picture, words }} />`
  const list = html`${troubles.length > 0 && html`<ul>${troubles.slice(0, maxShown).map(item)}</ul>`}
    ${
      rest.length > 0 &&
      html`<details><summary>${fill(text.moreTroubles, { count: number(rest.length) })}</summary>
        <ul>${rest.map(item)}</ul></details>`
    }`
  const [first] = troubles
  return html`<section class=${`verdict ${level}`} aria-label=${text.verdict}>
      ${isWhole || !first ? html`<strong>${text[level]}</strong>${list}` : ''}
      ${
        !isWhole &&
        first &&
        html`<details class="line">
          <summary><strong>${text[level]}</strong> <span>${saidOf(first, words)}</span>
            ${troubles.length > 1 && html`<span>${fill(text.moreTroubles, { count: troubles.length - 1 })}</span>`}
          </summary>${list}
        </details>`
      }
    </section>
    <p class="hidden" role="status">${announced(level, troubles, words)}</p>`
}

/** @param {{ trouble: Trouble, picture: Picture, words: Words }} props */
function TroubleItem({ trouble, picture, words }) {
  const { text } = words
  const said = saidOf(trouble, words)
  const hasLetters = trouble.why === 'dead-letters' || trouble.why === 'quarantined'
  const section = sectionOf(trouble, picture)
  return html`<li>
    ${hasLetters ? html`<a href="#letters">${said}</a>` : html`<span title=${trouble.fault?.text}>${said}</span>`}
    <span class="todo">${text.todo[trouble.why]}
      ${section && html`${' '}<a href=${`#runbook/${section}`}>${text.runbook}<span class="hidden">: ${said}</span></a>`}
    </span>
  </li>`
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

/**
 * Nothing counts as well before each part was read once.
 *
 * @param {Picture} picture
 * @param {readonly Trouble[]} troubles
 */
function levelOf({ asOf }, troubles) {
  const isKnown = asOf.queues && asOf.broker && asOf.events
  return troubles[0]?.level ?? (isKnown ? 'well' : 'looking')
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
    .slice(0, maxShown)
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
  if (why === 'failing') return 'failing-deliveries'
  if (why === 'unknown') return undefined
  if (why === 'dead-letters') return isAtBroker ? 'broker-dead-letters' : 'dead-letters'
  return isAtBroker ? 'no-drain' : 'old-messages'
}
