import { appendFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import { audited } from '../../lib/operations/audit.ts'
import { lookAt, repair } from '../../lib/operations/dead-letters.ts'
import { exitCode } from '../exit-code.ts'
import { fault, say } from '../say.ts'
import { stopSignal } from '../stop-signal.ts'
import { type DlqOptions, dlqOptions, lettersDeed, withBoxes } from './dlq-options.ts'
import { requireTenant } from './known-tenant.ts'
import { requireOneId } from './one-id.ts'
import { auditOf } from './operator.ts'
import { printResult } from './output.ts'
import { progress } from './text.ts'

interface PurgeOptions extends DlqOptions {
  readonly into: string
  readonly yes?: boolean
}

export function dlqPurgeCommand(): Command {
  return dlqOptions(new Command('purge'))
    .description('Removes messages, after each one is written to a file')
    .requiredOption('--into <file>', 'a new file: one JSON document a line')
    .option('--yes', 'do not ask')
    .action(purge)
}

async function purge(options: PurgeOptions): Promise<void> {
  const signal = stopSignal()
  const removed = await withBoxes(options, async ({ boxes, reasonOf }) => {
    let count = 0
    await requireOneId(boxes, options, signal)
    for (const box of boxes) {
      const { letters } = await lookAt(box, options, reasonOf, {
        limit: Number.POSITIVE_INFINITY,
        signal,
      })
      count += letters.length
    }
    if (signal.aborted || count === 0 || !(options.yes || (await isWanted(count)))) return 0
    // An older file is never overwritten: it may be the only copy of its messages.
    await writeFile(options.into, '', { flag: 'wx', mode: 0o600 })
    const removeAll = async () => {
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
    }
    const audit = auditOf(options.cell, 'command')
    const deed = { ...lettersDeed('letters.purge', options), wanted: count }
    return audited(audit, deed, removeAll, (done) => ({ done }))
  })
  if (removed === 0 && !signal.aborted) await requireTenant(options.cell, options.tenant)
  const result = { removed, ...(removed > 0 && { into: options.into }) }
  printResult(options, result, () => resultText(result))
  if (signal.aborted) process.exitCode = exitCode.failed
}

function resultText({ removed, into }: { removed: number; into?: string }): string {
  return into === undefined
    ? say('Removed: {what}', { what: removed })
    : say('Removed: {removed}, kept in {file}', { removed, file: into })
}

/** @throws EcosError `not-asked` without a terminal to answer at */
async function isWanted(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw fault('not-asked', '{count} messages would be removed: add --yes', { count })
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(say('Remove {count} messages? Type yes: ', { count }))
  terminal.close()
  return answer.trim() === 'yes'
}
