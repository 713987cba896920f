import { Command } from 'commander'
import { lookAt } from '../../lib/operations/dead-letters.ts'
import { decodeLetter } from '../../lib/operations/decoded-letter.ts'
import { exitCode } from '../exit-code.ts'
import { say } from '../say.ts'
import { stopSignal } from '../stop-signal.ts'
import { type DlqOptions, dlqOptions, maxRead, withBoxes } from './dlq-options.ts'
import { requireTenant } from './known-tenant.ts'
import { limitOption } from './options.ts'
import { printResult } from './output.ts'
import { note } from './text.ts'

export function dlqShowCommand(): Command {
  return dlqOptions(new Command('show'))
    .description('Whole messages, decoded, each with its history: tries, last error, deliveries')
    .addOption(limitOption(100))
    .action(show)
}

/** A message may hold personal data: it is for the operator who asks for it, and for no log. */
async function show(options: DlqOptions & { limit: number }): Promise<void> {
  const signal = stopSignal()
  const shown = await withBoxes(options, async ({ boxes, reasonOf, historyOf }) => {
    const all: object[] = []
    for (const box of boxes) {
      const { letters, more } = await lookAt(box, options, reasonOf, { limit: maxRead, signal })
      if (signal.aborted) break
      if (more)
        note(
          say('{queue} holds more: only {read} messages were read', {
            queue: box.name,
            read: maxRead,
          }),
        )
      const left = options.limit - all.length
      if (letters.length > left) {
        note(
          say('{queue} has {left} more that match: --limit shows them', {
            queue: box.name,
            left: letters.length - left,
          }),
        )
      }
      for (const letter of letters.slice(0, left)) {
        all.push({ ...decodeLetter(letter), history: await historyOf(letter) })
      }
    }
    return all
  })
  if (shown.length === 0 && !signal.aborted) await requireTenant(options.cell, options.tenant)
  const text = shown.map((one) => JSON.stringify(one, undefined, 2)).join('\n')
  printResult(options, shown, () => text || say('Nothing matches.'))
  if (signal.aborted) process.exitCode = exitCode.failed
}
