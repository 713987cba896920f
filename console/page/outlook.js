import { html } from './dom.js'
import { useAsked } from './server.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../server/outlook.ts').Outlook} Outlook */

/**
 * Reasons against sending letters back now.
 *
 * @param {{ cell: string, filter: Readonly<Record<string, string>> | undefined, words: Words }} props no filter:
 *   letters of several groups are not tried
 */
export function OutlookOf({ cell, filter, words }) {
  const { text, fill, time } = words
  /** @type {[import('./server.js').Asked<Outlook>, () => void]} */
  const [asked] = useAsked(filter && `/api/${cell}/shelf/outlook?${new URLSearchParams(filter)}`)
  if (!filter || asked.state === 'failed') return ''
  if (asked.state === 'asked') return html`<p class="dim" role="status">${text.checking}</p>`
  const { tried, failing, before } = asked.value
  const isFine = failing.length === 0 && before === undefined && tried > 0
  return html`<div role="status">
    <h3>${text.outlook}</h3>
    ${failing.map(({ why, code, count }) => html`<p class="fault">${fill(text.outlooks[why], { count, tried, code })}</p>`)}
    ${before && html`<p class="fault">${fill(text.cameBack, { time: time(before.at), user: before.user, count: before.count })}</p>`}
    ${isFine && html`<p>${fill(text.outlookNothing, { count: tried })}</p>`}
  </div>`
}
