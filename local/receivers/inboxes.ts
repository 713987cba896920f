import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf } from '../../lib/errors.ts'
import type { Chat } from './chat.ts'
import type { PushMessage } from './firebase.ts'
import { type Inbox, inboxesPage } from './inboxes-page.ts'
import { type Receivers, readReceived, type Sms, smsUrl } from './start.ts'
import type { TelegramMessage } from './telegram.ts'
import type { WebhookReceiver } from './webhook.ts'

export type InboxesOptions = { receivers: Receivers; awsEndpoint: string; inboxUrl: string }

/** Serves a page with the messages that the receivers of webhooks, Telegram, chats, push and SMS have got. */
export async function startInboxes(
  options: InboxesOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (_, response) => {
    try {
      const page = inboxesPage(await readInboxes(options), options.inboxUrl)
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
    } catch (error) {
      response.writeHead(502, { 'content-type': 'text/plain' }).end(messageOf(error))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readInboxes({ receivers, awsEndpoint }: InboxesOptions): Promise<Inbox[]> {
  const { webhookUrl, telegramUrl, chatUrl, firebaseUrl } = receivers
  const [webhooks, telegram, chats, push, sms] = await Promise.all([
    readReceived<WebhookReceiver['received'][number]>(webhookUrl),
    readReceived<TelegramMessage>(telegramUrl),
    readReceived<Chat['received'][number]>(chatUrl),
    readReceived<PushMessage>(firebaseUrl),
    readAllSms(awsEndpoint),
  ])
  return [
    {
      title: 'Telegram',
      messages: telegram.map(({ chat_id: to, text }) => ({ to, text: plainText(text) })),
    },
    {
      title: 'Chat',
      messages: chats.flatMap(({ path, message: { channel = '', attachments } }) =>
        attachments.map(({ title, text }) => ({
          to: `${path} ${channel}`,
          title: plainText(title),
          text: plainText(text),
        })),
      ),
    },
    {
      title: 'Push',
      messages: push.map(({ token, notification: { title, body } }) => ({
        to: token,
        title,
        text: body,
      })),
    },
    {
      title: 'SMS',
      messages: sms.map(({ PhoneNumber: to, Message: text }) => ({ to, text })),
    },
    {
      title: 'Webhooks',
      // The body as it came: parsed, its long numbers would lose digits.
      messages: webhooks.map(({ path, payload: { type }, body }) => ({
        to: path,
        title: type,
        text: body,
      })),
    },
  ]
}

async function readAllSms(awsEndpoint: string): Promise<Sms[]> {
  const response = await fetch(smsUrl(awsEndpoint), { signal: AbortSignal.timeout(10_000) })
  const { sms_messages } = (await response.json()) as { sms_messages: Record<string, Sms[]> }
  return Object.values(sms_messages).flat()
}

/** The text of Telegram's HTML, and of a chat's markup. */
function plainText(html: string): string {
  const text = html.replaceAll(/<\/?b>/g, '')
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
