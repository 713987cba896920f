import { randomBytes } from 'node:crypto'
import type { Part } from '../context.ts'
import { startChat } from './chat.ts'
import { startFirebase } from './firebase.ts'
import { type OwnPage, startOwnPage } from './own-page.ts'
import { startTelegram } from './telegram.ts'
import { startWebhookReceiver } from './webhook.ts'

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

/** Starts a webhook endpoint, a Telegram, a Slack, a Firebase and people's own pages in this process. */
export async function startReceivers(): Promise<Part<Receivers> & { openPage: OwnPage['open'] }> {
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
    openPage: page.open,
    external: false,
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

export type Sms = { PhoneNumber: string; Message: string }

/** MiniStack's page with the texts that were sent through its SNS. */
export function smsUrl(awsEndpoint: string): string {
  return `${awsEndpoint}/_ministack/sns/sms-messages`
}

/** The texts to one number, oldest first. */
export async function readSms(awsEndpoint: string, number: string): Promise<Sms[]> {
  const response = await fetch(smsUrl(awsEndpoint), { signal: AbortSignal.timeout(10_000) })
  const { sms_messages } = (await response.json()) as { sms_messages: Record<string, Sms[]> }
  return sms_messages[number] ?? []
}
