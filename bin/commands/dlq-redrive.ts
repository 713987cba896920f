import { Command, InvalidArgumentError, Option } from 'commander'
import { lookAt, type Repair, repair } from '../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import { moveAll } from '../../lib/operations/moves.ts'
import { selectsAll } from '../../lib/operations/selection.ts'
import { exitCode } from '../exit-code.ts'
import { stopSignal } from '../stop-signal.ts'
import { type Boxes, type DlqOptions, dlqOptions, withBoxes } from './dlq-options.ts'
import { requireTenant } from './known-tenant.ts'
import { requireOneId } from './one-id.ts'
import { runOption } from './options.ts'
import { print, progress } from './text.ts'

interface Redriven {
  readonly queue: string
  readonly messages: number
}

interface RedriveOptions extends DlqOptions {
  readonly perSecond: number
  readonly run?: boolean
}

export function dlqRedriveCommand(): Command {
  return dlqOptions(new Command('redrive'))
    .description('Sends messages back to where they came from')
    .addOption(
      new Option('--per-second <number>', 'messages per second').argParser(rate).default(50),
    )
    .addOption(runOption())
    .action(redrive)
}

async function redrive(options: RedriveOptions): Promise<void> {
  const signal = stopSignal()
  const results = await withBoxes(options, async ({ boxes, reasonOf }) => {
    const all: Redriven[] = []
    if (options.run) await requireOneId(boxes, options, signal)
    for (const box of boxes) {
      if (signal.aborted) break
      const messages = options.run
        ? await sendBack(box, options, reasonOf, signal)
        : (await lookAt(box, options, reasonOf, Number.POSITIVE_INFINITY, signal)).letters.length
      if (messages > 0) all.push({ queue: box.name, messages })
    }
    return all
  })
  if (results.length === 0 && !signal.aborted) await requireTenant(options.cell, options.tenant)
  print(options.json ? JSON.stringify(results) : resultText(results, options.run ?? false))
  if (signal.aborted) process.exitCode = exitCode.failed
}

/** Milliseconds between two looks at a move of SQS. */
const lookInterval = 1_000

/** Moves a whole queue by SQS itself if it can; sends selected messages one by one. */
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

function resultText(results: readonly Redriven[], done: boolean): string {
  if (results.length === 0) return 'Nothing matches.'
  const lines = results.map(({ queue, messages }) => `${queue}: ${messages}`)
  return [done ? 'Sent back:' : 'Would be sent back (add --run to do it):', ...lines].join('\n')
}

/** At a slower rate the last of ten received letters would become visible again before its turn. */
const minRate = 0.1
const maxRate = 1000

function rate(text: string): number {
  const number = Number(text)
  if (number >= minRate && number <= maxRate) return number
  throw new InvalidArgumentError(`is not a number from ${minRate} to ${maxRate}`)
}
