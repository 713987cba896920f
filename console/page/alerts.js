import { useEffect, useRef } from 'preact/hooks'
import { html } from './dom.js'
import { addressOf } from './place.js'
import {
  addressFor,
  addressOfAll,
  detailOf,
  keyOf,
  levelOf,
  saidOf,
  sectionOf,
  troubleCount,
} from './troubles.js'

/** @typedef {import('./server.js').Picture} Picture */
/** @typedef {import('../server/troubles.ts').Trouble} Trouble */
/** @typedef {import('./texts.js').Words} Words */

/** Troubles that are announced. */
const maxAnnounced = 6

/** A sign beside the word, for readers who see no colours. */
const signs = { well: '✓', warn: '!', red: '✕', looking: '…' }

/**
 * The state of the cell in one word, for the head of every view. It opens a drawer that says what is wrong, why,
 * and what to do; of all tenants, whichever is chosen, since whoever looks at one must not miss the others.
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
  const { troubles } = picture
  const level = levelOf(picture)
  const count = troubleCount(picture)
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
          <${Others} picture=${picture} words=${words} />
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
  const href = addressFor(trouble, picture)
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
 * Troubles that are not listed, by their kind.
 *
 * @param {{ picture: Picture, words: Words }} props
 */
function Others({ picture: { moreTroubles = {} }, words: { text, fill } }) {
  return Object.entries(moreTroubles).map(([why, count]) => {
    const kind = /** @type {Trouble['why']} */ (why)
    const said = fill(text.moreOf[kind], { count })
    const href = addressOfAll(kind)
    return html`<li key=${why} class="note">${href ? html`<a href=${href}>${said}</a>` : said}</li>`
  })
}

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
