import { Action } from './actions.js'
import { html } from './dom.js'

/** @typedef {import('./app.js').Page} Page */
/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/operations/event-story.ts').NotificationStory} NotificationStory */

/**
 * The actions that a notification's state allows an operator.
 *
 * @param {{ page: Page, tenant: string, one: NotificationStory, words: Words, onDone: () => void }} props
 */
export function NotificationActions({ page: { cell, resendable }, tenant, one, words, onDone }) {
  const { notificationId: notification, username, channel, state, attempts } = one
  const shared = { cell, about: { username, channel }, words, onDone }
  const of = { tenant, notification }
  const isPlannedAgain = state === 'ERROR' && attempts === 0
  return html`<div class="bar">
    ${
      resendable.includes(state) &&
      html`<${Action} ...${{ ...shared, order: { action: 'resend', ...of }, will: isPlannedAgain ? 'willPlan' : 'will' }} />`
    }
    ${state === 'WAIT_FOR_DISPATCH' && html`<${Action} ...${{ ...shared, order: { action: 'cancel', ...of } }} />`}
  </div>`
}
