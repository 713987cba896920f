import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ChatPost } from '../../local/receivers/chat.ts'
import type { PushMessage } from '../../local/receivers/firebase.ts'
import { startInboxes } from '../../local/receivers/inboxes/server.ts'
import { createMailbox } from '../../local/receivers/mailbox.ts'
import type { Sms } from '../../local/receivers/sms.ts'
import type { TelegramMessage } from '../../local/receivers/telegram.ts'
import type { WebhookPost } from '../../local/receivers/webhook.ts'

/** What would run, or break out of its place, if it were not shown as text. */
export const hostile = `<script>globalThis.owned = true</script><img src=x onerror="globalThis.owned = true">"'&lt;`

/** Inboxes with a page of their own, beside a page of MiniStack with these texts. */
export async function inboxesBeside(sms: Record<string, Sms[]> | 'broken') {
  const mailboxes = {
    telegram: createMailbox<TelegramMessage>(),
    push: createMailbox<PushMessage>(),
    chat: createMailbox<ChatPost>(),
    webhook: createMailbox<WebhookPost>(),
  }
  const miniStack = createServer((_, response) => {
    if (sms === 'broken') response.writeHead(500).end('busy')
    else response.end(JSON.stringify({ sms_messages: sms }))
  })
  miniStack.listen(0, '127.0.0.1')
  await once(miniStack, 'listening')
  const awsEndpoint = `http://127.0.0.1:${(miniStack.address() as AddressInfo).port}`
  const others = { mailUrl: 'http://127.0.0.1:1', webhookUrl: 'http://127.0.0.1:2' }
  const page = await startInboxes({ mailboxes, awsEndpoint, ...others })
  return {
    mailboxes,
    url: page.url,
    async close() {
      await page.close()
      miniStack.closeAllConnections()
      miniStack.close()
    },
  }
}

/** A message for each inbox but SMS, with this text in each place that a person's or a tenant's text may be in. */
export function fill(
  { mailboxes }: Pick<Awaited<ReturnType<typeof inboxesBeside>>, 'mailboxes'>,
  text: string,
): void {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const { telegram, push, chat, webhook } = mailboxes
  const url = `javascript:${text}`
  telegram.add(
    {
      chat_id: text,
      text: `<b>${escaped}</b>\n\n${escaped}`,
      reply_markup: { inline_keyboard: [[{ text, url }]] },
    },
    1,
  )
  push.add(
    { token: text, notification: { title: text, body: text }, data: { [text]: text, link: url } },
    1,
  )
  const attachment = { fallback: escaped, title: escaped, title_link: url, text: escaped }
  const message = { channel: text, attachments: [{ ...attachment, mrkdwn_in: [] }] }
  chat.add({ path: `/${text}`, message }, 1)
  const payload = { type: text, timestamp: '2026-11-28T00:00:00Z', data: { title: text } }
  webhook.add({ id: '1', path: `/${text}`, payload, body: JSON.stringify(payload) }, 1)
}
