import { render } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Choice, html } from './dom.js'
import { LettersView } from './letters.js'
import { EventsView } from './live.js'
import { NotificationsView } from './notifications.js'
import { PictureView, Verdict } from './picture.js'
import { SearchView } from './search.js'
import { useAsked, useLive } from './server.js'
import { SubscriptionsView } from './subscriptions.js'
import { firstLanguage, wordsIn } from './texts.js'

/** @typedef {import('./texts.js').Words} Words */

const views = /** @type {const} */ ([
  'picture',
  'events',
  'search',
  'letters',
  'notifications',
  'subscriptions',
])

function App() {
  const [language, setLanguage] = useState(firstLanguage)
  const words = useMemo(() => wordsIn(language), [language])
  /** @type {[import('./server.js').Asked<{ cells: string[], allowRepair: boolean }>, () => void]} */
  const [asked] = useAsked('/api/cells')
  const [cell, setCell] = useState('')
  useEffect(() => {
    document.documentElement.lang = language
    document.title = words.text.title
  }, [language, words])
  const change = () => {
    const other = language === 'ru' ? 'en' : 'ru'
    localStorage.setItem('language', other)
    setLanguage(other)
  }
  if (asked.state === 'failed') return html`<main><p role="alert">${asked.message}</p></main>`
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
  const { text } = words
  const { picture, passed, lost } = useLive(cell)
  const [tenant, setTenant] = useState('')
  const [view = 'picture', ...rest] = useHash().split('/')
  const id = decodeURIComponent(rest.join('/'))
  const tenants = [['', text.everyTenant], ...(picture?.tenants ?? []).map((name) => [name, name])]
  const shared = { cell, tenant, words }
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
      ${views.map(
        (name) =>
          html`<a href=${`#${name}`} aria-current=${view === name ? 'page' : undefined}>${text[name]}</a>`,
      )}
    </nav>
    <main id="main" tabindex="-1">
      ${lost && html`<p class="fault" role="alert">${text.lost}</p>`}
      ${picture ? html`<${Verdict} ...${{ picture, tenant, words }} />` : html`<p role="status">${text.looking}</p>`}
      ${view === 'picture' && picture && html`<${PictureView} ...${{ picture, tenant, words }} />`}
      ${view === 'events' && html`<${EventsView} ...${{ passed, tenant, words }} />`}
      ${view === 'search' && html`<${SearchView} ...${{ cell, id, passed, words }} />`}
      ${view === 'letters' && html`<${LettersView} ...${{ ...shared, allowRepair }} />`}
      ${view === 'notifications' && html`<${NotificationsView} ...${shared} />`}
      ${view === 'subscriptions' && html`<${SubscriptionsView} ...${shared} />`}
    </main>`
}

/** The place in the page's address: a view, and for the search an id. */
function useHash() {
  const read = () => location.hash.slice(1) || 'picture'
  const [hash, setHash] = useState(read)
  useEffect(() => {
    const changed = () => setHash(read())
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return hash
}

/** The address holds the view, so the link can't lead there by itself. */
function toMain(/** @type {Event} */ event) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

render(html`<${App} />`, document.body)
