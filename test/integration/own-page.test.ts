import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { revokeLinks } from '../../lib/aws/tables/own-settings.ts'
import { createSubscriptionBook } from '../../lib/aws/tables/subscriptions-book.ts'
import { signOwnLink } from '../../lib/channels/own-link.ts'
import { openPage, startBrowser } from '../../local/browser.ts'
import { readMails } from '../../local/mail.ts'
import { journey } from '../support/journey.ts'
import { runningStack, taskMessage } from '../support/stack.ts'

jest.setTimeout(300_000)

const { cloud, deployment, inboxUrl, receivers } = runningStack()
const table = String(deployment['SubscriptionsTableName'])
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const tenant = 'every-channel'
const username = 'page-reader'
const phone = { locale: 'ru-RU', viewport: { width: 390, height: 800 } }

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser(process.env['CHROMIUM'])
})
afterAll(() => browser?.close())

/** What becomes of a new task for the person, and the mail if there is one. */
async function notified() {
  const message = taskMessage(tenant, { taskTitle: 'Согласование', taskPooledUsers: [username] })
  const { events } = await journey([message])
  const states = events[0]?.notifications?.map(({ channel, state }) => `${channel} ${state}`)
  const mails = await readMails(inboxUrl)
  const mail = mails.findLast(({ to }) => to[0]?.address === `${username}@${tenant}.example`)
  return { states, mail }
}

it('a link in a mail opens the page, whose changes take effect at once', async () => {
  const { states, mail } = await notified()
  expect(states).toEqual(['email SENT'])
  const [link = ''] = /http:\S+\/page\/\S+/.exec(mail?.text ?? '') ?? []
  const { page, errors } = await openPage(browser, link, phone)
  const { page: late } = await openPage(browser, link, phone)
  await page.getByRole('heading', { name: 'Мои уведомления' }).waitFor()
  const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
  expect(isWide).toBe(false)

  const tasks = page.getByRole('group', { name: 'Новые задачи', exact: true })
  expect(await tasks.getByLabel('Почта').isChecked()).toBe(true)
  await tasks.getByLabel('Почта').uncheck()
  await page.getByLabel('с', { exact: true }).fill('22:00')
  await page.getByLabel('до', { exact: true }).fill('08:00')
  await page.getByLabel('Часовой пояс').selectOption('Asia/Omsk')
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('Сохранено').waitFor()
  expect(await tasks.getByLabel('Почта').isChecked()).toBe(false)
  expect(errors).toEqual([])
  const entries = await createSubscriptionBook(table, client).ofPerson(tenant, username)
  expect(entries.find(({ of }) => of === 'preferences')).toMatchObject({
    preferences: { timeZone: 'Asia/Omsk', quietHours: { from: '22:00', to: '08:00' } },
  })
  expect((await notified()).states).toEqual(['email BLOCKED'])

  await late.getByRole('button', { name: 'Сохранить' }).click()
  await late.getByRole('heading', { name: 'Настройки уже изменились' }).waitFor()

  const [unsubscribe = ''] = /http:\S+\/unsubscribe\/\S+/.exec(mail?.text ?? '') ?? []
  const oneClick = { method: 'POST', body: new URLSearchParams('List-Unsubscribe=One-Click') }
  expect((await fetch(unsubscribe, oneClick)).status).toBe(200)

  await revokeLinks(table, client, { tenant, username, at: new Date() })
  expect((await page.goto(link))?.status()).toBe(410)
  expect(await page.locator('main').textContent()).toMatch(/^Ссылка отозвана/)
  expect((await fetch(unsubscribe, oneClick)).status).toBe(410)
})

it.each(['light', 'dark'] as const)('the page has no violation of axe, %s', async (colorScheme) => {
  const secret = new GetSecretValueCommand({ SecretId: 'ecos-main/page' })
  const { SecretString = '' } = await cloud.secrets.send(secret)
  const issuedAt = Math.floor(Date.now() / 1000)
  const of = { tenant, username: 'axe', issuedAt, eventType: '' }
  const link = `${receivers.ownPageUrl}/page/${signOwnLink(SecretString, { purpose: 'page', ...of })}`
  // The page's policy would forbid the axe script.
  const { page } = await openPage(browser, link, { ...phone, colorScheme, bypassCSP: true })
  await page.addScriptTag({ content: axe.source })
  const { violations } = await page.evaluate(() => axe.run())
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
})
