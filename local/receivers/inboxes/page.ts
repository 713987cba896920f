import { html } from 'hono/html'
import type { Html } from './text.ts'
import { type InboxName, inboxNames, type Language, languages, words } from './words.ts'

/** What an inbox shows: the newest messages, newest first, of all that came. Undefined where it is unknown. */
export type Inbox = { total: number; items: readonly Html[] } | undefined

export type Inboxes = Readonly<Record<InboxName, Inbox>>

export type PageOptions = {
  language: Language
  inboxes: Inboxes
  /** Addresses of MailDev's page and of the receiver of webhooks. */
  mailUrl: string
  webhookUrl: string
}

/** The page with all inboxes beside the mail's. Every value is escaped by the template function. */
export function inboxesPage({ language, inboxes, mailUrl, webhookUrl }: PageOptions): Html {
  const say = words[language]
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say.heading}</title>
<link rel="stylesheet" href="inboxes.css">
<script type="module" src="inboxes.js"></script>
</head>
<body>
<header>
<h1>${say.heading}</h1>
<p>${say.hint}</p>
<nav aria-label="${say.heading}">
${inboxNames.map((name) => html`<a href="#${name}">${say.inboxes[name]}</a>`)}
<a href="${mailUrl}">${say.mail}</a>
</nav>
<p class="languages">${Object.entries(languages).map(
    ([code, label]) =>
      html`<a href="?lang=${code}" lang="${code}" hreflang="${code}">${label}</a> `,
  )}</p>
<p id="ended" role="status" data-text="${say.ended}"></p>
</header>
<main>
${inboxNames.map((name) => section(name, inboxes[name], language, name === 'webhook' ? webhookUrl : ''))}
</main>
</body>
</html>`
}

function section(name: InboxName, inbox: Inbox, language: Language, address: string): Html {
  const say = words[language]
  const label = say.inboxes[name]
  return html`<section id="${name}">
<h2>${label}</h2>
<p class="count" data-part="count">${
    inbox === undefined ? say.unreadable : say.counted(inbox.total, inbox.items.length)
  }</p>${address === '' ? '' : html`<p class="count">POST ${address}/…</p>`}
<div class="screen" tabindex="0" role="region" aria-label="${label}" data-part="messages">${
    inbox?.items.length === 0
      ? html`<p>${say.nothing}</p>`
      : html`<ol>${(inbox?.items ?? []).map((item) => html`<li>${item}</li>`)}</ol>`
  }</div>
</section>`
}
