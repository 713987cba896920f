import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { errorText } from '../../bin/say.ts'
import { cut } from '../../lib/text.ts'
import { openPage, startBrowser } from '../browser.ts'
import { findChromium } from '../chromium.ts'
import { createScript } from '../script.ts'
import { createTerminal } from '../terminal.ts'
import { type Question, questions } from './questions.ts'

// npm run trial:walk -- ADDRESS: clicks through the five questions of docs/console.md, and prints how long each step
// takes. It measures what the console needs, not the reader.

/** Characters of an answer that are shown. */
const shown = 150

const windows = [
  { name: 'desktop, 1280 px', viewport: { width: 1280, height: 900 } },
  { name: 'phone, 390 px', viewport: { width: 390, height: 844 } },
]

const program = createScript('trial:walk')
  .argument('<address>', 'of the console, with its token, as npm start prints it')
  .option('--busy', 'keep every core busy meanwhile')
  .parse()
const [address = ''] = program.args
const { busy } = program.opts<{ busy?: boolean }>()
const terminal = createTerminal()
const load = Array.from({ length: busy ? availableParallelism() : 0 }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
)
try {
  const { signal } = new AbortController()
  const context = { stateDir: resolve('.local'), onProgress: terminal.onProgress, signal }
  const browser = await startBrowser(await findChromium(context))
  try {
    for (const window of windows) {
      terminal.print(`\n${window.name}${busy ? ', every core busy' : ''}`)
      for (const question of questions) await ask(browser, question, window)
    }
  } finally {
    await browser.close()
  }
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`)
  process.exitCode = 1
} finally {
  for (const child of load) child.kill()
  terminal.close()
}

/** From the console's address to the answer. */
async function ask(
  browser: Browser,
  { asked, steps }: Question,
  window: (typeof windows)[number],
): Promise<void> {
  const since = performance.now()
  const { page } = await openPage(browser, address, { viewport: window.viewport })
  await page.locator('.verdict').waitFor()
  const took = [`open ${secondsSince(since)}`]
  let answer: string | undefined
  for (const step of steps) {
    const begin = performance.now()
    answer = (await step.do(page)) ?? answer
    took.push(`${step.name} ${secondsSince(begin)}`)
  }
  const all = secondsSince(since)
  await page.context().close()
  terminal.print(`\n${all} s  ${asked}\n${took.join(' · ')}\n${cut(answer ?? '', shown)}`, 6)
}

function secondsSince(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}
