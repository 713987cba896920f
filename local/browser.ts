import { type Browser, chromium, type Page } from 'playwright-core'
import { EcosError } from '../lib/errors.ts'

/** The errors that a page wrote to its console, and those that it threw. */
export interface Opened {
  readonly page: Page
  readonly errors: readonly string[]
}

/** @throws EcosError `no-chromium` */
export function startBrowser(executablePath: string | undefined): Promise<Browser> {
  if (!executablePath) {
    throw new EcosError(
      'no-chromium',
      'There is no Chromium here, and it could not be installed: install chromium, or set CHROMIUM to its path',
    )
  }
  // Chromium's sandbox can't be had by root, as who tests run in a container.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath, args })
}

/** Opens the console in a window of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Opened> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  // Milliseconds: what is waited for comes in a second, and on a busy machine in minutes.
  context.setDefaultTimeout(180_000)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(url)
  return { page, errors }
}
