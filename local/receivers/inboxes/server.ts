import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import type { Mailbox } from '../mailbox.ts'
import { readLatestSms } from '../sms.ts'
import type { Mailboxes } from '../start.ts'
import { chatItem, pushItem, smsItem, telegramItem, webhookItem } from './messages.ts'
import { type Inbox, type Inboxes, inboxesPage } from './page.ts'
import type { Html } from './text.ts'
import { type Language, languages } from './words.ts'

export type InboxesOptions = {
  mailboxes: Mailboxes
  awsEndpoint: string
  mailUrl: string
  webhookUrl: string
}

/** Messages of each inbox that the page shows. */
const shown = 50

/** What came from outside is text on the page; a script in it would not run either. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Serves the page with what the receivers of webhooks, Telegram, chats, push and SMS have got. */
export async function startInboxes(
  options: InboxesOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createAdaptorServer({ fetch: createApp(options).fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function createApp({ mailboxes, awsEndpoint, mailUrl, webhookUrl }: InboxesOptions): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    context.header('content-security-policy', contentSecurityPolicy)
    context.header('x-content-type-options', 'nosniff')
    context.header('cache-control', 'no-cache')
  })
  app.get('/', async (context) => {
    const language = languageOf(context)
    const inboxes = await readInboxes(mailboxes, awsEndpoint, language)
    const page = String(await inboxesPage({ language, inboxes, mailUrl, webhookUrl }))
    const tag = `"${createHash('sha256').update(page).digest('base64url')}"`
    if (context.req.header('if-none-match') === tag) return context.body(null, 304)
    context.header('etag', tag)
    return context.html(page)
  })
  app.get('/favicon.ico', (context) => context.body(null, 204))
  const files = { 'inboxes.css': 'text/css', 'inboxes.js': 'text/javascript' }
  for (const [name, type] of Object.entries(files)) {
    app.get(`/${name}`, async (context) => {
      const text = await readFile(join(import.meta.dirname, name), 'utf8')
      return context.body(text, 200, { 'content-type': `${type}; charset=utf-8` })
    })
  }
  return app
}

/** That of `?lang=`, otherwise the browser's. */
function languageOf(context: Context): Language {
  const asked = context.req.query('lang')
  if (asked !== undefined && Object.hasOwn(languages, asked)) return asked as Language
  const supports = Object.keys(languages)
  return accepts(context, { header: 'Accept-Language', supports, default: 'en' }) as Language
}

async function readInboxes(
  { telegram, push, chat, webhook }: Mailboxes,
  awsEndpoint: string,
  language: Language,
): Promise<Inboxes> {
  return {
    telegram: inboxOf(telegram, (arrival) => telegramItem(arrival, language)),
    push: inboxOf(push, (arrival) => pushItem(arrival, language)),
    sms: await smsInbox(awsEndpoint, language),
    chat: inboxOf(chat, (arrival) => chatItem(arrival, language)),
    webhook: inboxOf(webhook, (arrival) => webhookItem(arrival, language)),
  }
}

function inboxOf<T>(
  mailbox: Pick<Mailbox<T>, 'latest' | 'total'>,
  item: (arrival: ReturnType<Mailbox<T>['latest']>[number]) => Html,
): Inbox {
  return { total: mailbox.total(), items: mailbox.latest(shown).map(item) }
}

/** The local AWS may be too busy to answer: then the other inboxes are shown all the same. */
async function smsInbox(awsEndpoint: string, language: Language): Promise<Inbox> {
  try {
    const { total, latest } = await readLatestSms(awsEndpoint, shown)
    return { total, items: latest.map((sms) => smsItem(sms, language)) }
  } catch {
    return undefined
  }
}
