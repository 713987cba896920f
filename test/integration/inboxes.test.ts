import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { openPage, startBrowser } from '../../local/browser.ts'
import { fill, hostile, inboxesBeside } from '../support/inboxes.ts'

jest.setTimeout(300_000)

const phone = { viewport: { width: 390, height: 780 } }
const PhoneNumber = '+79990000001'

let browser: Browser
let inboxes: Awaited<ReturnType<typeof inboxesBeside>>
beforeAll(async () => {
  browser = await startBrowser(process.env['CHROMIUM'])
  const texts = ['код 1', 'ю'.repeat(100), hostile]
  inboxes = await inboxesBeside({
    [PhoneNumber]: texts.map((Message) => ({ PhoneNumber, Message })),
  })
  for (const text of [hostile, 'Новая задача', 'x'.repeat(500)]) fill(inboxes, text)
})
afterAll(async () => {
  await browser?.close()
  await inboxes?.close()
})

it.each([
  ['light', 'en'],
  ['dark', 'en'],
  ['light', 'ru'],
] as const)(
  'the page of inboxes has no violation of axe, %s, %s',
  async (colorScheme, language) => {
    // The page's policy would forbid the axe script.
    const options = { ...phone, colorScheme, bypassCSP: true }
    const { page, errors } = await openPage(browser, `${inboxes.url}/?lang=${language}`, options)
    await page.addScriptTag({ content: axe.source })
    const { violations } = await page.evaluate(() => axe.run())
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
    expect(errors).toEqual([])
  },
)

it('on a phone it is as wide as the screen, no list is taller, and nothing of a message runs', async () => {
  const { page, errors } = await openPage(browser, inboxes.url, phone)
  const [width, heights, isOwned] = await page.evaluate<[number, number[], boolean]>(
    `[
      document.documentElement.scrollWidth,
      [...document.querySelectorAll('.screen')].map((list) => list.clientHeight),
      'owned' in globalThis,
    ]`,
  )
  expect(width).toBe(390)
  expect(heights).toHaveLength(5)
  for (const height of heights) expect(height).toBeLessThan(780)
  expect([isOwned, errors]).toEqual([false, []])
})

it('a message that comes is shown without a reload', async () => {
  const { page } = await openPage(browser, inboxes.url)
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }))
  inboxes.mailboxes.telegram.add({ chat_id: '7', text: '<b>Just now</b>\n\nhello' }, 1)
  await page.locator('#telegram li strong', { hasText: 'Just now' }).waitFor()
  expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true)
})
