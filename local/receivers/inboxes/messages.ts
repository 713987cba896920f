import { html } from 'hono/html'
import { isGsmText, splitSms } from '../../../lib/channels/sms.ts'
import type { ChatPost } from '../chat.ts'
import type { PushMessage } from '../firebase.ts'
import type { Arrival } from '../mailbox.ts'
import type { Sms } from '../sms.ts'
import type { TelegramMessage } from '../telegram.ts'
import type { WebhookPost } from '../webhook.ts'
import { clock, type Html, indentedJson, link, linked, unescaped } from './text.ts'
import { type Language, words } from './words.ts'

/** Characters of a webhook's body that are shown. */
const maxBody = 20_000

/** A bubble with the title in bold, and the link as a button below it. */
export function telegramItem(
  { at, message: { chat_id, text, reply_markup } }: Arrival<TelegramMessage>,
  language: Language,
): Html {
  const buttons = (reply_markup?.inline_keyboard ?? []).flat()
  return html`<p class="who">ECOS <span class="tag">${words[language].bot}</span> → ${chat_id}</p>
<div class="bubble"><p class="text">${boldParts(text)}</p>${clock(at, language)}</div>
${buttons.map(({ text, url }) => link(url, text, 'button'))}`
}

/** Telegram's HTML: the receiver has checked that <b> is its only tag. */
function boldParts(text: string): Html {
  const parts = text.split(/<b>(.*?)<\/b>/s).map(unescaped)
  return html`${parts.map((part, index) =>
    index % 2 === 1 ? html`<strong>${part}</strong>` : linked(part),
  )}`
}

/** A card as on the lock screen, with the data that only the app sees. */
export function pushItem(
  { at, message: { token, notification, data } }: Arrival<PushMessage>,
  language: Language,
): Html {
  const say = words[language]
  const { link: address, ...rest } = data
  return html`<p class="who">${token}</p>
<div class="card"><p class="app"><span class="icon" aria-hidden="true"></span>ECOS ${clock(at, language)}</p>
<p class="text"><strong>${notification.title}</strong>
${notification.body}</p>
${address === undefined ? '' : link(address, say.open, 'tap')}
<details><summary>${say.data}</summary><dl>${Object.entries(rest).map(
    ([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`,
  )}</dl></details></div>`
}

/** A bubble for each part, which the carrier charges one by one. */
export function smsItem({ PhoneNumber, Message }: Sms, language: Language): Html {
  const parts = splitSms(Message)
  const counted = words[language].parts(parts.length, Message.length, isGsmText(Message))
  return html`<p class="who">${PhoneNumber}</p>
${parts.map(
  (part, index) =>
    html`<div class="bubble"><p class="text">${linked(part)}</p>${
      parts.length > 1 ? html`<small>${index + 1}/${parts.length}</small>` : ''
    }</div>`,
)}
<small>${counted}</small>`
}

/** An app's message with attachments, as Slack and Mattermost show it. */
export function chatItem(
  { at, message: { path, message } }: Arrival<ChatPost>,
  language: Language,
): Html {
  const { channel, attachments } = message
  return html`<p class="who">${[path, channel].filter(Boolean).join(' ')}</p>
<p class="app"><span class="icon" aria-hidden="true"></span><strong>ECOS</strong> <span class="tag">${words[language].app}</span> ${clock(at, language)}</p>
${attachments.map(
  ({ title, title_link, text }) =>
    html`<div class="attachment"><p class="title">${
      title_link === undefined ? unescaped(title) : link(title_link, unescaped(title))
    }</p><p class="text">${linked(unescaped(text))}</p></div>`,
)}`
}

/** The body as JSON, not parsed: as numbers of JavaScript its long numbers would lose digits. */
export function webhookItem(
  { at, message: { path, payload, body } }: Arrival<WebhookPost>,
  language: Language,
): Html {
  const shown = indentedJson(body.slice(0, maxBody))
  const rest = body.length - maxBody
  return html`<p class="who">POST ${path} ${clock(at, language)}</p>
<p class="title">${payload.type}</p>
<pre>${shown}</pre>${rest > 0 ? html`<small>${words[language].cut(rest)}</small>` : ''}`
}
