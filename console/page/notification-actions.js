import { Action } from './actions.js'
import { html } from './dom.js'

/** @typedef {import('./texts.js').Words} Words */
/** @typedef {import('../../lib/operations/event-story.ts').NotificationStory} NotificationStory */

/** States of which notifications are sent again; lib/notifications/resend.ts decides. */
const resendable = ['ERROR', 'EXPIRED', 'UNCERTAIN', 'BLOCKED']

/**
 * What an operator may do to one notification, as its state allows.
 *
 * @param {{ cell: string, tenant: string, one: NotificationStory, words: Words, onDone: () => void }} props
 */
export function NotificationActions({ cell, tenant, one, words, onDone }) {
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
