import { render } from 'preact'
import { useEffect, useErrorBoundary, useMemo, useRef, useState } from 'preact/hooks'
import { Choice, html } from './dom.js'
import { LettersView } from './letters.js'
import { EventsView } from './live.js'
import { NotificationsView } from './notifications.js'
import { PictureView } from './picture.js'
import { RunbookView } from './runbook.js'
import { SearchView } from './search.js'
import { useAsked, useLive } from './server.js'
import { SubscriptionsView } from './subscriptions.js'
import { firstLanguage, wordsIn } from './texts.js'
import { troublesOf, Verdict } from './verdict.js'

/** @typedef {import('./texts.js').Words} Words */

const inMenu = /** @type {const} */ ([
  'picture',
  'events',
  'search',
  'letters',
  'notifications',
  'subscriptions',
])
const views = /** @type {const} */ ([...inMenu, 'runbook'])

function App() {
  const [language, setLanguage] = useState(firstLanguage)
  const words = useMemo(() => wordsIn(language), [language])
  /** @type {[import('./server.js').Asked<{ cells: string[], allowRepair: boolean }>, () => void]} */
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
  const { cells, allowRepair } = asked.value
  const name = cell || cells[0] || ''
  const page = { cell: name, cells, allowRepair, words, onCell: setCell, onLanguage: change }
  return html`<${Cell} key=${name} ...${page} />`
}

/**
 * @param {{ cell: string, cells: readonly string[], allowRepair: boolean, words: Words,
 *   onCell: (cell: string) => void, onLanguage: () => void }} props
 */
function Cell({ cell, cells, allowRepair, words, onCell, onLanguage }) {
  const { text, fill } = words
  const { picture, passed, lost } = useLive(cell)
  const [tenant, setTenant] = useState('')
  const { view, rest } = usePlace()
  const tenants = [['', text.everyTenant], ...(picture?.tenants ?? []).map((name) => [name, name])]
  const isRed = picture && troublesOf(picture, tenant)[0]?.level === 'red'
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
      ${
        cells.length > 1 &&
        html`<${Choice} id="cell" label=${text.cell} value=${cell}
          options=${cells.map((name) => [name, name])} onChange=${onCell} />`
      }
      <${Choice} id="tenant" label=${text.tenant} value=${tenant} options=${tenants} onChange=${setTenant} />
      <button type="button" lang=${words.language === 'ru' ? 'en' : 'ru'} onClick=${onLanguage}>${text.language}</button>
    </header>
    <nav aria-label=${text.views}>
      ${inMenu.map(
        (name) =>
          html`<a href=${`#${name}`} aria-current=${view === name ? 'page' : undefined}>${text[name]}</a>`,
      )}
    </nav>
    <main id="main" tabindex="-1" aria-label=${text[view]} class=${lost ? 'lost' : ''}>
      ${lost && html`<p id="lost" class="fault" role="alert">${lost === 'refused' ? text.refused : text.lost}</p>`}
      ${picture ? html`<${Verdict} ...${{ picture, tenant, words }} />` : html`<p role="status">${text.looking}</p>`}
      <${View} key=${view} ...${{ view, rest, cell, tenant, picture, passed, allowRepair, words }} />
      <footer class="dim">
        <a href="#runbook">${text.runbook}</a> · ${fill(text.zone, { zone: words.zone })}
      </footer>
    </main>`
}

/**
 * @param {{ view: typeof views[number], rest: string, cell: string, tenant: string, allowRepair: boolean,
 *   picture?: import('./server.js').Picture, passed: readonly import('./server.js').PassingEvent[],
 *   words: Words }} props
 */
function View({ view, rest, cell, tenant, picture, passed, allowRepair, words }) {
  // A broken view must not take the verdict and the other views with it.
  const [error] = useErrorBoundary()
  if (error) return html`<p class="fault" role="alert">${words.text.broken}</p>`
  const shared = { cell, tenant, words }
  switch (view) {
    case 'picture':
      return picture && html`<${PictureView} ...${{ picture, tenant, words }} />`
    case 'events':
      return html`<${EventsView} ...${{ passed, tenant, words }} />`
    case 'search':
      return html`<${SearchView} ...${{ cell, id: rest, passed, words }} />`
    case 'letters':
      return html`<${LettersView} ...${{ ...shared, allowRepair }} />`
    case 'notifications':
      return html`<${NotificationsView} ...${shared} />`
    case 'subscriptions':
      return html`<${SubscriptionsView} ...${shared} />`
    case 'runbook':
      return html`<${RunbookView} section=${rest} words=${words} />`
  }
}

/** Reads the view and its argument from the page's address. */
function usePlace() {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const changed = () => setHash(location.hash)
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  const [name, ...rest] = hash.slice(1).split('/')
  return { view: views.find((view) => view === name) ?? 'picture', rest: decoded(rest.join('/')) }
}

/** @param {string} text typed by anybody, so it may be malformed */
function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The address's hash names the view, so the skip link can't use it. */
function toMain(/** @type {Event} */ event) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

render(html`<${App} />`, document.body)
