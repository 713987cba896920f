import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { messageOf } from '../lib/errors.ts'
import { startBrowser } from './browser.ts'
import { findChromium } from './chromium.ts'
import { taskMail } from './mail-pages.ts'

/** `npm run screenshots:mail`: takes the pictures of docs/notifications.md. */
const folder = 'docs/notifications'
/** Pixels: a phone, a reading pane, a window. */
const widths = [390, 768, 1280]

try {
  await mkdir(folder, { recursive: true })
  const { signal } = new AbortController()
  const context = { stateDir: resolve('.local'), onProgress: () => undefined, signal }
  const browser = await startBrowser(await findChromium(context))
  try {
    for (const locale of ['ru', 'en']) {
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of widths) {
          const page = await browser.newPage({ viewport: { width, height: 400 }, colorScheme })
          await page.setContent(taskMail(locale))
          const path = join(folder, `mail-${locale}-${colorScheme}-${width}.png`)
          await page.screenshot({ path, fullPage: true })
          await page.close()
        }
      }
    }
  } finally {
    await browser.close()
  }
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
