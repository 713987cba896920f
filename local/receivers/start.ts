import { randomBytes } from 'node:crypto'
import { type ChatPost, startChat } from './chat.ts'
import { type PushMessage, startFirebase } from './firebase.ts'
import type { Mailbox } from './mailbox.ts'
import { type OwnPage, startOwnPage } from './own-page.ts'
import { startTelegram, type TelegramMessage } from './telegram.ts'
import { startWebhookReceiver, type WebhookPost } from './webhook.ts'

/** The providers' stand-ins on this machine. A GET of an address returns the received messages. */
export type Receivers = {
  webhookUrl: string
  telegramUrl: string
  chatUrl: string
  firebaseUrl: string
  ownPageUrl: string
  /** The secret of each channel. */
  secrets: { webhook: string; telegram: string; push: string; page: string }
}

type Reading<T> = Pick<Mailbox<T>, 'latest' | 'total'>

/** What the receivers have accepted, without a way through HTTP and JSON. */
export type Mailboxes = {
  telegram: Reading<TelegramMessage>
  push: Reading<PushMessage>
  chat: Reading<ChatPost>
  webhook: Reading<WebhookPost>
}

export type StartedReceivers = {
  receivers: Receivers
  mailboxes: Mailboxes
  /** Serves people's own pages on the tables of a deployment. */
  openPage: OwnPage['open']
  stop(): Promise<void>
}

/** Starts a webhook endpoint, a Telegram, a Slack, a Firebase and people's own pages in this process. */
export async function startReceivers(): Promise<StartedReceivers> {
  const secret = `whsec_${randomBytes(24).toString('base64')}`
  const token = `1:${randomBytes(24).toString('base64url')}`
  const servers = [
    await startWebhookReceiver(secret),
    await startTelegram(token),
    await startChat(),
    await startFirebase(),
    await startOwnPage(),
  ] as const
  const [webhook, telegram, chat, firebase, page] = servers
  return {
    receivers: {
      webhookUrl: webhook.url,
      telegramUrl: telegram.url,
      chatUrl: chat.url,
      firebaseUrl: firebase.url,
      ownPageUrl: page.url,
      secrets: {
        webhook: secret,
        telegram: token,
        push: firebase.serviceAccount,
        page: randomBytes(32).toString('base64'),
      },
    },
    mailboxes: {
      telegram: telegram.mailbox,
      push: firebase.mailbox,
      chat: chat.mailbox,
      webhook: webhook.mailbox,
    },
    openPage: page.open,
    async stop() {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

/** The messages that a receiver has accepted, oldest first. */
export async function readReceived<T>(url: string): Promise<T[]> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  return (await response.json()) as T[]
}
