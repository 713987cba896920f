import { createHash } from 'node:crypto'
import { cut } from '../text.ts'
import { type Notification, notificationId, type QueuedNotification } from './notification.ts'
import type { NotificationRecord } from './store.ts'
import { limits } from './templates/bounds.ts'
import { createEngines } from './templates/engine.ts'

/** Takes the place of an event's type in a digest. */
export const digestType = 'notification.digest'

/** Notifications in one digest at most; further ones make another digest. */
export const digestSize = 50

/** The n-th digest of a person's address for one moment. Deterministic, so that repeating is safe. */
export function digestOf(member: NotificationRecord, n: number): Notification {
  const { tenant, username, channel, address, heldUntil } = member
  const eventId = createHash('sha256')
    .update(JSON.stringify([username, channel, address, heldUntil, n]))
    .digest('hex')
  const parts = { tenant, eventType: digestType, eventId, username, channel, address }
  return { ...parts, notificationId: notificationId(parts) }
}

/** The digest's content: its members one after another, in the language of the first. */
export function digestContent(
  digest: Notification,
  members: readonly QueuedNotification[],
  queuedAt: Date,
): QueuedNotification {
  const { username: _, subject: __, ...rest } = digest
  const locale = members[0]?.locale ?? 'ru'
  const label = locale.startsWith('ru') ? 'Уведомления' : 'Notifications'
  const title = `${label}: ${members.length}`
  const text = members.map((one) => `${one.title}\n${one.text.trim()}\n`).join('\n')
  return {
    ...rest,
    locale,
    title,
    text: cut(text, limits.text),
    html: page({ locale, title, members }),
    customData: {},
    queuedAt: queuedAt.toISOString(),
    resend: 0,
  }
}

const engine = createEngines({}, '').html

/** Members appear as text, since the HTML of each is a whole page; texts are cut so that all fit. */
function page(model: {
  locale: string
  title: string
  members: readonly QueuedNotification[]
}): string {
  const limit = Math.floor(limits.html / 10 / Math.max(1, model.members.length))
  const members = model.members.map(({ title, text }) => ({ title, text: cut(text.trim(), limit) }))
  return engine.parseAndRenderSync(htmlPage, { ...model, members })
}

const htmlPage = `<!doctype html>
<html lang="{{ locale }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{{ title }}</title>
</head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="max-width:600px;margin:0 auto">
{%- for member in members %}
<h2 style="margin:0 0 4px;font-size:18px;line-height:1.3;overflow-wrap:anywhere">{{ member.title }}</h2>
<p style="margin:0 0 24px;white-space:pre-line;overflow-wrap:anywhere">{{ member.text }}</p>
{%- endfor %}
</div>
</body>
</html>
`
