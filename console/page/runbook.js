import { html, Waiting } from './dom.js'
import { addressOf } from './place.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */

/**
 * One section of docs/runbook.md, or of its Russian twin, and links to the others.
 *
 * @param {{ section: string, tenant: string, words: Words }} props `section` by its anchor
 */
export function RunbookView({ section, tenant, words }) {
  /** @type {[import('./server.js').Asked<{ en: string, ru: string }>, () => void]} */
  const [asked] = useAsked('/api/runbook')
  const sections = asked.state === 'here' ? sectionsOf(asked.value, words.language) : []
  const found = sections.find(({ anchor }) => anchor === section)
  return html`<${Waiting} asked=${asked} words=${words} />
    ${found && html`<h2>${titleOf(found.text)}</h2><div class="prose">${plain(found.text)}</div>`}
    <ul class="sections">
      ${sections.map(({ anchor, text }) => html`<li><a href=${addressOf('runbook', anchor, { tenant })}>${titleOf(text)}</a></li>`)}
    </ul>`
}

/**
 * The sections in the page's language, by the anchors of the English ones: both runbooks have the same.
 *
 * @param {{ en: string, ru: string }} runbook
 * @param {Words['language']} language
 */
function sectionsOf(runbook, language) {
  const english = partsOf(runbook.en)
  const shown = partsOf(runbook[language])
  return english.map((text, at) => ({ anchor: anchorOf(text), text: shown[at] ?? text }))
}

const partsOf = (/** @type {string} */ text) => text.split(/^## /m).slice(1)

const titleOf = (/** @type {string} */ text) => text.slice(0, text.indexOf('\n')).trim()

const anchorOf = (/** @type {string} */ text) => titleOf(text).toLowerCase().replaceAll(' ', '-')

/** Drops Markdown that would only distract in plain text. */
function plain(/** @type {string} */ text) {
  return text
    .slice(text.indexOf('\n'))
    .trim()
    .replace(/^```\w*\n/gm, '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
}
