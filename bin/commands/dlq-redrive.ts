import { Command, InvalidArgumentError, Option } from 'commander'
import { lookAt, type Repair, repair } from '../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import { moveAll } from '../../lib/operations/moves.ts'
import { selectsAll } from '../../lib/operations/selection.ts'
import { stopSignal } from '../stop-signal.ts'
import { type Boxes, type DlqOptions, dlqOptions, withBoxes } from './dlq-options.ts'
import { print, progress } from './text.ts'

interface RedriveOptions extends DlqOptions {
  readonly perSecond: number
  readonly run?: boolean
}

export function dlqRedriveCommand(): Command {
  return dlqOptions(new Command('redrive'))
    .description('Sends what is meant back to where it came from; without --run it only says what')
    .addOption(new Option('--per-second <number>', 'messages a second').argParser(rate).default(50))
    .option('--run', 'do it')
    .action(redrive)
}

async function redrive(options: RedriveOptions): Promise<void> {
  const signal = stopSignal()
  const results = await withBoxes(options, async ({ boxes, reasonOf }) => {
    const all: { queue: string; messages: number }[] = []
    for (const box of boxes) {
      if (signal.aborted) break
      const messages = options.run
        ? await sendBack(box, options, reasonOf, signal)
        : (await lookAt(box, options, reasonOf, Number.POSITIVE_INFINITY, signal)).letters.length
      if (messages > 0) all.push({ queue: box.name, messages })
    }
    return all
  })
  print(options.json ? JSON.stringify(results) : resultText(results, options.run ?? false))
  if (signal.aborted) process.exitCode = 1
}

/** Milliseconds between two looks at a move of SQS. */
const lookInterval = 1_000

/** A whole queue by a move of SQS itself, where it has that; what is selected message by message. */
async function sendBack(
  box: LetterBox,
  options: RedriveOptions,
  reasonOf: Boxes['reasonOf'],
  signal: AbortSignal,
): Promise<number> {
  const { perSecond } = options
  const bar = progress(box.name)
  try {
    const moved = selectsAll(options)
      ? await moveAll(box, {
          perSecond,
          signal,
          interval: lookInterval,
          onProgress: ({ moved, total = moved }) => bar.show(moved, total),
        })
      : undefined
    if (moved !== undefined) return moved
    const act: Repair['act'] = (letter) => letter.sendBack()
    return await repair(box, options, reasonOf, { act, perSecond, signal, onProgress: bar.show })
  } finally {
    bar.end()
  }
}

function resultText(
  results: readonly { queue: string; messages: number }[],
  done: boolean,
): string {
  if (results.length === 0) return 'Nothing there is meant.'
  const lines = results.map(({ queue, messages }) => `${queue}: ${messages}`)
  return [done ? 'Sent back:' : 'Would be sent back (--run does it):', ...lines].join('\n')
}

/** Slower, and the last of ten letters that are taken together would be seen by others before its turn. */
const slowest = 0.1
const fastest = 1000

function rate(text: string): number {
  const number = Number(text)
  if (number >= slowest && number <= fastest) return number
  throw new InvalidArgumentError(`is no number from ${slowest} to ${fastest}`)
}
