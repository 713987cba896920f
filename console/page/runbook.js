import { html, Waiting } from './dom.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */

/**
 * One section of docs/runbook.md, and links to the others.
 *
 * @param {{ section: string, words: Words }} props `section` by its anchor
 */
export function RunbookView({ section, words }) {
  /** @type {[import('./server.js').Asked<{ runbook: string }>, () => void]} */
  const [asked] = useAsked('/api/runbook')
  const all = asked.state === 'here' ? asked.value.runbook.split(/^## /m).slice(1) : []
  const found = all.find((text) => anchorOf(text) === section)
  const others = all.filter((text) => /^[A-Z]/.test(text))
  return html`<${Waiting} asked=${asked} words=${words} />
    <div lang="en">
      ${found && html`<h2>${titleOf(found)}</h2><div class="prose">${plain(found)}</div>`}
      <ul class="sections">
        ${others.map((text) => html`<li><a href=${`#runbook/${anchorOf(text)}`}>${titleOf(text)}</a></li>`)}
      </ul>
    </div>`
}

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
