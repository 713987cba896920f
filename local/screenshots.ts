import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { Browser } from 'playwright-core'
import { messageOf } from '../lib/errors.ts'
import { openPage, startBrowser } from './browser.ts'
import { findChromium } from './chromium.ts'
import type { Cloud } from './cloud.ts'
import { openConsole } from './console.ts'
import { readEventsFile } from './demo/events-file.ts'
import { runDemo } from './demo/run.ts'
import { readTenants } from './demo/run-tenants.ts'
import { withStack } from './stack.ts'
import { createTerminal } from './terminal.ts'

/** `npm run screenshots`: runs the demo, and takes the pictures of docs/console.md. */
const folder = 'docs/console'
const cell = 'main'
const tenantsFile = 'tenants.yml'
const laptop = { viewport: { width: 1280, height: 800 } }
const phone = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 1.5 }
const dark = { ...laptop, colorScheme: 'dark' } as const
const russian = { ...laptop, locale: 'ru-RU' }

/** What each view shows once it has its answers. */
const there = {
  picture: '.picture .box',
  'trends?range=1h': '.chart canvas',
  tenants: 'tbody tr',
  events: 'tbody tr',
  search: 'tbody tr',
  event: '.waterfall li',
  letters: 'tbody tr',
  'subscriptions?tenant=acme': 'tbody tr',
}
type View = keyof typeof there

const pictures: readonly (readonly [name: string, view: View, window: object])[] = [
  ['pipeline-light', 'picture', laptop],
  ['pipeline-dark', 'picture', dark],
  ['pipeline-russian', 'picture', russian],
  ['pipeline-phone', 'picture', phone],
  ['trends-light', 'trends?range=1h', laptop],
  ['trends-dark', 'trends?range=1h', { ...dark, locale: 'ru-RU' }],
  ['trends-phone', 'trends?range=1h', phone],
  ['tenants-light', 'tenants', laptop],
  ['now-dark', 'events', dark],
  ['search-light', 'search', laptop],
  ['event-light', 'event', laptop],
  ['search-phone', 'event', phone],
  ['letters-light', 'letters', laptop],
  ['letters-russian', 'letters', { ...russian, colorScheme: 'dark' }],
  ['subscriptions-light', 'subscriptions?tenant=acme', laptop],
]

const terminal = createTerminal()
try {
  await mkdir(folder, { recursive: true })
  const { onProgress } = terminal
  const options = { stateDir: resolve('.local'), onProgress, cell, tenantsFile }
  await withStack(options, async (stack) => {
    const { cloud, deployment, parts, receivers, context } = stack
    const { amqpUrl, awsEndpoint } = parts
    const served = await openConsole(stack, cell, tenantsFile)
    const browser = await startBrowser(await findChromium(context))
    try {
      // The bus is tapped while a page is open: open it before the events are published.
      const { page } = await openPage(browser, served.url)
      await page.locator('.verdict').waitFor()
      const messages = await readEventsFile('local/demo/samples.jsonl')
      const tenants = await readTenants(tenantsFile)
      const shared = { cloud, deployment, amqpUrl, tenants, messages, receivers }
      const { events } = await runDemo({ ...shared, onEnd: () => undefined }, context)
      await addDeadLetters(cloud, awsEndpoint)
      const told = events.find(({ notifications }) => notifications.length > 1)
      await take(browser, served.url, told?.eventId ?? '')
    } finally {
      await browser.close()
      await served.close()
    }
  })
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}

/** Makes the state of a type red. */
async function addDeadLetters({ sqs }: Cloud, awsEndpoint: string): Promise<void> {
  const QueueUrl = `${awsEndpoint}/000000000000/ecos-${cell}-task-create-dlq`
  for (const id of ['8f14e45f-ceea', 'c9f0f895-fb98']) {
    const detail = { id, type: 'task.create', tenantid: 'acme', data: { title: 'Approve' } }
    const event = { source: 'ecos.acme', 'detail-type': 'task.create', detail }
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }))
  }
}

async function take(browser: Browser, url: string, eventId: string): Promise<void> {
  for (const [name, view, window] of pictures) {
    const { page } = await openPage(browser, url, window)
    await page.locator('.verdict.red').waitFor()
    await page.goto(new URL(`/#${view}${view === 'event' ? `/${eventId}` : ''}`, url).href)
    await page.locator(there[view]).first().waitFor()
    await page.getByText(/Loading …|Загрузка …/i).waitFor({ state: 'detached' })
    await page.screenshot({ path: join(folder, `${name}.png`) })
    await page.context().close()
  }
}
