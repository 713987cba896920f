import { render } from 'preact'
import { useEffect, useErrorBoundary, useMemo, useRef, useState } from 'preact/hooks'
import { Alerts } from './alerts.js'
import { AuditView } from './audit.js'
import { Choice, html } from './dom.js'
import { EventView } from './event.js'
import { Figures } from './figures.js'
import { LettersView } from './letters.js'
import { EventsView } from './live.js'
import { PictureView } from './picture.js'
import { addressOf, addressOfTenant, chosenTenant, usePlace } from './place.js'
import { keptIn, RangeChoice } from './range-choice.js'
import { RunbookView } from './runbook.js'
import { SearchView } from './search.js'
import { Seek, useSeekKey } from './seek.js'
import { useAsked, useLive } from './server.js'
import { SubscriptionsView } from './subscriptions.js'
import { TenantsView } from './tenants.js'
import { firstLanguage, wordsIn } from './texts.js'
import { TrendsView } from './trends.js'
import { levelOf } from './troubles.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('./place.js').Place} Place */
/**
 * @typedef {{ cells: readonly string[], types: readonly string[], channels: readonly string[],
 *   states: readonly string[], resendable: readonly string[], allowRepair: boolean }} Deployed
 */
/** @typedef {Deployed & { cell: string, tenant: string }} Page what all views are about; no tenant: all of them */

const inMenu = /** @type {const} */ ([
  'picture',
  'trends',
  'tenants',
  'events',
  'search',
  'letters',
  'subscriptions',
  'audit',
])
const views = /** @type {const} */ ([...inMenu, 'event', 'runbook'])
/** Views of the cell as a whole. */
const withFigures = /** @type {readonly string[]} */ (['picture', 'trends', 'tenants', 'events'])
/** Views of a range of time. */
const withRange = /** @type {readonly string[]} */ (['trends', 'search'])

function App() {
  const [language, setLanguage] = useState(firstLanguage)
  const words = useMemo(() => wordsIn(language), [language])
  /** @type {[import('./server.js').Asked<Deployed>, () => void]} */
  const [asked] = useAsked('/api/cells')
  const [cell, setCell] = useState('')
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const change = () => {
    const other = language === 'ru' ? 'en' : 'ru'
    localStorage.setItem('language', other)
    setLanguage(other)
  }
  if (asked.state === 'failed')
    return html`<main><p role="alert">${asked.message ?? words.text.lost}</p></main>`
  if (asked.state === 'asked') return html`<main><p>${words.text.loading}</p></main>`
  const name = cell || asked.value.cells[0] || ''
  const shared = { cell: name, deployed: asked.value, words, onCell: setCell, onLanguage: change }
  return html`<${Cell} key=${name} ...${shared} />`
}

/**
 * @param {{ cell: string, deployed: Deployed, words: Words, onCell: (cell: string) => void,
 *   onLanguage: () => void }} props
 */
function Cell({ cell, deployed, words, onCell, onLanguage }) {
  const { text, fill } = words
  const { cells } = deployed
  const { picture, passed, lost } = useLive(cell)
  useSeekKey()
  const place = usePlace()
  const view = views.find((name) => name === place.view) ?? 'picture'
  const chosen = useRef('')
  const tenant = chosenTenant(place, chosen.current)
  chosen.current = tenant
  // Views without a range do not forget it.
  const range = useRef(/** @type {Readonly<Record<string, string>>} */ ({}))
  if (place.query['range']) range.current = place.query
  const kept = keptIn({ ...range.current, tenant })
  const setTenant = (/** @type {string} */ name) => {
    location.hash = addressOfTenant(place, name)
  }
  useEffect(() => {
    // A link to an event need not say what is chosen here; a reload must know.
    const isUnsaid = view === 'event' && tenant !== '' && !place.query['chosen']
    if (isUnsaid) location.replace(addressOf(view, place.rest, { ...place.query, chosen: tenant }))
  })
  const known = new Set([...(picture?.tenants ?? []), ...(tenant === '' ? [] : [tenant])])
  const tenants = [['', text.everyTenant], ...[...known].map((name) => [name, name])]
  const isRed = picture && levelOf(picture) === 'red'
  useEffect(() => {
    document.title = `${lost || isRed ? '● ' : ''}${text[view]} · ${text.title}`
  }, [view, text, lost, isRed])
  const shown = useRef(view)
  useEffect(() => {
    // The followed link may have gone with its view: keep the focus.
    const isLost = document.activeElement === document.body && shown.current !== view
    if (isLost) document.getElementById('main')?.focus({ preventScroll: true })
    shown.current = view
  }, [view])
  return html`<a class="skip" href="#main" onClick=${toMain}>${text.skip}</a>
    <header>
      <h1>${text.title}</h1>
      ${picture && html`<${Alerts} ...${{ picture, tenant, isLost: lost !== undefined, words }} />`}
      ${view !== 'search' && html`<${Seek} kept=${kept} words=${words} />`}
      ${
        cells.length > 1 &&
        html`<${Choice} id="cell" label=${text.cell} value=${cell}
          options=${cells.map((name) => [name, name])} onChange=${onCell} />`
      }
      <${Choice} id="tenant" label=${text.tenant} value=${tenant} options=${tenants} onChange=${setTenant} />
      ${withRange.includes(view) && html`<${RangeChoice} place=${place} words=${words} />`}
      <button type="button" lang=${words.language === 'ru' ? 'en' : 'ru'} onClick=${onLanguage}>${text.language}</button>
    </header>
    <nav aria-label=${text.views}>
      ${inMenu.map(
        (name) =>
          html`<a href=${addressOf(name, '', kept)} aria-current=${view === name || (view === 'event' && name === 'search') ? 'page' : undefined}>${text[name]}</a>`,
      )}
    </nav>
    <main id="main" tabindex="-1" aria-label=${text[view]} class=${lost ? 'lost' : ''}>
      ${lost && html`<p id="lost" class="fault" role="alert">${lost === 'refused' ? text.refused : text.lost}</p>`}
      ${!picture && html`<p role="status">${text.looking}</p>`}
      ${picture && withFigures.includes(view) && html`<${Figures} ...${{ cell, picture, place, tenant, words }} />`}
      <${View} key=${view} ...${{ view, place, page: { ...deployed, cell, tenant }, picture, passed, words }} />
      <footer class="dim">
        <a href=${addressOf('runbook', '', { tenant })}>${text.runbook}</a> · ${fill(text.zone, { zone: words.zone })}
      </footer>
    </main>`
}

/**
 * @param {{ view: typeof views[number], place: Place, page: Page, words: Words,
 *   picture?: import('./server.js').Picture, passed: readonly import('./server.js').PassingEvent[] }} props
 */
function View({ view, place, page, picture, passed, words }) {
  // A broken view must not take the verdict and the other views with it.
  const [error] = useErrorBoundary()
  if (error) return html`<p class="fault" role="alert">${words.text.broken}</p>`
  const { tenant } = page
  switch (view) {
    case 'picture':
      return picture && html`<${PictureView} ...${{ picture, tenant, words }} />`
    case 'trends':
      return html`<${TrendsView} ...${{ page, place, words }} />`
    case 'tenants':
      return picture && html`<${TenantsView} ...${{ picture, tenant, words }} />`
    case 'events':
      return html`<${EventsView} ...${{ passed, place, tenant, words }} />`
    case 'search':
      return html`<${SearchView} ...${{ page, place, words }} />`
    case 'event':
      return html`<${EventView} key=${place.rest} ...${{ page, place, passed, words }} />`
    case 'letters':
      return html`<${LettersView} ...${{ page, place, picture, words }} />`
    case 'subscriptions':
      return html`<${SubscriptionsView} ...${{ page, words }} />`
    case 'audit':
      return html`<${AuditView} ...${{ page, place, words }} />`
    case 'runbook':
      return html`<${RunbookView} ...${{ section: place.rest, tenant, words }} />`
  }
}

/** The address's hash names the view, so the skip link can't use it. */
function toMain(/** @type {Event} */ event) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

render(html`<${App} />`, document.body)
