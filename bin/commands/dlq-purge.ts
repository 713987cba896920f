import { appendFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import { EcosError } from '../../lib/errors.ts'
import { lookAt, repair } from '../../lib/operations/dead-letters.ts'
import { stopSignal } from '../stop-signal.ts'
import { type DlqOptions, dlqOptions, withBoxes } from './dlq-options.ts'
import { print, progress } from './text.ts'

interface PurgeOptions extends DlqOptions {
  readonly into: string
  readonly yes?: boolean
}

export function dlqPurgeCommand(): Command {
  return dlqOptions(new Command('purge'))
    .description('Removes what is meant, after each message is written to a file')
    .requiredOption('--into <file>', 'a new file: one JSON document a line')
    .option('--yes', 'do not ask')
    .action(purge)
}

async function purge(options: PurgeOptions): Promise<void> {
  const signal = stopSignal()
  const removed = await withBoxes(options, async ({ boxes, reasonOf }) => {
    let count = 0
    for (const box of boxes) {
      const { letters } = await lookAt(box, options, reasonOf, Number.POSITIVE_INFINITY, signal)
      count += letters.length
    }
    if (signal.aborted || count === 0 || !(options.yes || (await isWanted(count)))) return 0
    // Never over an older file, which may be all that is left of what it holds.
    await writeFile(options.into, '', { flag: 'wx', mode: 0o600 })
    let done = 0
    for (const box of boxes) {
      const bar = progress(box.name)
      done += await repair(box, options, reasonOf, {
        async act({ release, remove, sendBack, ...letter }) {
          await appendFile(options.into, `${JSON.stringify(letter)}\n`, { flush: true })
        },
        perSecond: 1000,
        signal,
        onProgress: bar.show,
      }).finally(bar.end)
    }
    return done
  })
  const result = { removed, ...(removed > 0 && { into: options.into }) }
  print(options.json ? JSON.stringify(result) : resultText(result))
  if (signal.aborted) process.exitCode = 1
}

function resultText({ removed, into }: { removed: number; into?: string }): string {
  return `Removed: ${removed}${into === undefined ? '' : `, kept in ${into}`}`
}

/** @throws EcosError `not-asked` where nobody can answer */
async function isWanted(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new EcosError('not-asked', `${count} messages would be removed: say --yes`)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`Remove ${count} messages? Type yes: `)
  terminal.close()
  return answer.trim() === 'yes'
}
