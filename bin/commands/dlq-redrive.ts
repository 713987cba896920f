import { Command } from 'commander'
import { renewed } from '../../lib/notifications/renew.ts'
import { audited } from '../../lib/operations/audit.ts'
import { lookAt, type Repair, repair } from '../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import { moveAll } from '../../lib/operations/moves.ts'
import { selectsAll } from '../../lib/operations/selection.ts'
import { exitCode } from '../exit-code.ts'
import { say } from '../say.ts'
import { stopSignal } from '../stop-signal.ts'
import { type Boxes, type DlqOptions, dlqOptions, lettersDeed, withBoxes } from './dlq-options.ts'
import { requireTenant } from './known-tenant.ts'
import { requireOneId } from './one-id.ts'
import { auditOf } from './operator.ts'
import { perSecondOption, runOption } from './options.ts'
import { printResult } from './output.ts'
import { progress } from './text.ts'

interface Redriven {
  readonly queue: string
  readonly messages: number
}

interface RedriveOptions extends DlqOptions {
  readonly perSecond: number
  readonly run?: boolean
  readonly renew?: boolean
}

export function dlqRedriveCommand(): Command {
  return dlqOptions(new Command('redrive'))
    .description('Sends messages back to where they came from')
    .addOption(perSecondOption('messages'))
    .option('--renew', 'give notifications a new time to live, which may be over by now')
    .addOption(runOption())
    .action(redrive)
}

async function redrive(options: RedriveOptions): Promise<void> {
  const signal = stopSignal()
  const results = await withBoxes(options, async ({ boxes, reasonOf }) => {
    if (options.run) await requireOneId(boxes, options, signal)
    const each = async (work: (box: LetterBox) => Promise<number>) => {
      const all: Redriven[] = []
      for (const box of boxes) {
        if (signal.aborted) break
        const messages = await work(box)
        if (messages > 0) all.push({ queue: box.name, messages })
      }
      return all
    }
    if (!options.run) return each((box) => countIn(box, options, reasonOf, signal))
    const audit = auditOf(options.cell, 'command')
    const deed = lettersDeed('letters.redrive', options)
    const work = () => each((box) => sendBack(box, options, reasonOf, signal))
    return audited(audit, deed, work, (all) => ({ done: sumOf(all) }))
  })
  if (results.length === 0 && !signal.aborted) await requireTenant(options.cell, options.tenant)
  printResult(options, results, () => resultText(results, options.run ?? false))
  if (signal.aborted) process.exitCode = exitCode.failed
}

function sumOf(all: readonly Redriven[]): number {
  return all.reduce((sum, { messages }) => sum + messages, 0)
}

async function countIn(
  box: LetterBox,
  options: RedriveOptions,
  reasonOf: Boxes['reasonOf'],
  signal: AbortSignal,
): Promise<number> {
  const look = await lookAt(box, options, reasonOf, { limit: Number.POSITIVE_INFINITY, signal })
  return look.letters.length
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
  const { perSecond, renew } = options
  const bar = progress(box.name)
  try {
    // SQS moves messages as they are.
    const moved =
      selectsAll(options) && !renew
        ? await moveAll(box, {
            perSecond,
            signal,
            interval: lookInterval,
            onProgress: ({ moved, total = moved }) => bar.show(moved, total),
          })
        : undefined
    if (moved !== undefined) return moved
    const act: Repair['act'] = (letter) =>
      renew && letter.kind === 'notification' && letter.notificationId !== undefined
        ? letter.sendBack(renewed(letter.body, new Date()))
        : letter.sendBack()
    return await repair(box, options, reasonOf, { act, perSecond, signal, onProgress: bar.show })
  } finally {
    bar.end()
  }
}

function resultText(results: readonly Redriven[], done: boolean): string {
  if (results.length === 0) return say('Nothing matches.')
  const lines = results.map(({ queue, messages }) => `${queue}: ${messages}`)
  return [say(done ? 'Sent back:' : 'Would be sent back (add --run to do it):'), ...lines].join(
    '\n',
  )
}
