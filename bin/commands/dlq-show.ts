import { Command } from 'commander'
import type { DeadLetter } from '../../lib/operations/dead-letter.ts'
import { lookAt } from '../../lib/operations/dead-letters.ts'
import { stopSignal } from '../stop-signal.ts'
import { count } from './count.ts'
import { type DlqOptions, dlqOptions, withBoxes } from './dlq-options.ts'
import { note, print } from './text.ts'

export function dlqShowCommand(): Command {
  return dlqOptions(new Command('show'))
    .description('Messages, each whole and with its history: tries, last error, deliveries')
    .option('--limit <number>', 'messages of a queue that are looked at', count, 1000)
    .action(show)
}

/** A message may hold what is not for everybody's eyes: this is for who asks for it, and for no log. */
async function show(options: DlqOptions & { limit: number }): Promise<void> {
  const signal = stopSignal()
  const shown = await withBoxes(options, async ({ boxes, reasonOf, historyOf }) => {
    const all: object[] = []
    for (const box of boxes) {
      const { letters, more } = await lookAt(box, options, reasonOf, options.limit, signal)
      if (signal.aborted) break
      if (more) note(`${box.name} may hold more: --limit looks at more than ${options.limit}`)
      for (const letter of letters)
        all.push({ ...shownAs(letter), history: await historyOf(letter) })
    }
    return all
  })
  print(
    options.json
      ? JSON.stringify(shown)
      : shown.map((one) => JSON.stringify(one, undefined, 2)).join('\n') ||
          'Nothing there is meant.',
  )
  if (shown.length === 0 || signal.aborted) process.exitCode = 1
}

function shownAs({ body, ...letter }: DeadLetter): object {
  try {
    return { ...letter, body: JSON.parse(body) }
  } catch {
    return { ...letter, body }
  }
}
